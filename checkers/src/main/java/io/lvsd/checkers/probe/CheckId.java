package io.lvsd.checkers.probe;

import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a check: one check of one real server of one virtual server. Not what is sent to the server, which is
 * a {@link ProbeKey} and may be the same for several of these.
 *
 * @param fingerprint of the specification; without the timing, so that it does not change when a reload changes the timing
 * @param ordinal of checks of one server with the same specification, from 0
 */
public record CheckId(VsId vs, RsId rs, String kind, String fingerprint, int ordinal) {
    private static final int FINGERPRINT_BYTES = 8;

    /** The first check of its server with this specification. */
    public static CheckId of(VsId vs, RsId rs, CheckConfig check) {
        return new CheckId(vs, rs, check.kind(), fingerprint(check.spec().toString()), 0);
    }

    /** Another check of the same server with the same specification. */
    public CheckId withOrdinal(int number) {
        return number == ordinal ? this : new CheckId(vs, rs, kind, fingerprint, number);
    }

    private static String fingerprint(String spec) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(spec.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Without the methods that Java generates for a record, which are many times slower: it is called several times a probe. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof CheckId id
                        && ordinal == id.ordinal
                        && rs.equals(id.rs)
                        && vs.equals(id.vs)
                        && fingerprint.equals(id.fingerprint)
                        && kind.equals(id.kind);
    }

    /** With the real server, as checks without an address of their own, such as of one file, have the same fingerprint. */
    @Override
    public int hashCode() {
        return 31 * (31 * vs.hashCode() + fingerprint.hashCode() + ordinal) + rs.hashCode();
    }

    /** The key of its stored state. */
    @Override
    public String toString() {
        return vs + "," + rs + "," + kind + "," + fingerprint + "," + ordinal;
    }
}
