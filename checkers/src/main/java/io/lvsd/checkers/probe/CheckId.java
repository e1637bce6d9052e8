package io.lvsd.checkers.probe;

import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a verdict belongs to: one check of one real server of one virtual server. Not what goes over the wire, which is
 * a {@link ProbeKey} and may be the same for several of these.
 *
 * @param fingerprint of the check's check; its timing is not part of it, so it survives a reload that changes that
 * @param ordinal counts checks of one server that ask the same check, from 0
 */
public record CheckId(VsId vs, RsId rs, String kind, String fingerprint, int ordinal) {
    private static final int FINGERPRINT_BYTES = 8;

    /** The first of its server's checks that asks its check. */
    public static CheckId of(VsId vs, RsId rs, CheckConfig check) {
        return new CheckId(vs, rs, check.kind(), fingerprint(check.spec().toString()), 0);
    }

    /** Another check that asks the same of the same server. */
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

    /** Of texts that remember theirs: this is asked for several times a probe. */
    @Override
    public int hashCode() {
        return 31 * vs.hashCode() + fingerprint.hashCode() + ordinal;
    }

    /** The key under which the verdict is stored. */
    @Override
    public String toString() {
        return vs + "," + rs + "," + kind + "," + fingerprint + "," + ordinal;
    }
}
