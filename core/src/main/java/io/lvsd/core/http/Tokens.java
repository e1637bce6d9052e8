package io.lvsd.core.http;

import io.lvsd.core.host.TokenFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/** The tokens that are accepted, as digests. Immutable. */
final class Tokens {
    static final Tokens NONE = new Tokens(List.of());

    private final List<Known> known;

    private Tokens(List<Known> known) {
        this.known = List.copyOf(known);
    }

    private static final class Known {
        private final Holder holder;
        private final byte[] digest;

        Known(Holder holder, byte[] digest) {
            this.holder = holder;
            this.digest = digest;
        }
    }

    /**
     * The owner of a token.
     *
     * @param write whether the token authorises changes
     */
    record Holder(String name, boolean write) {}

    static Tokens of(List<TokenFile.Entry> entries) {
        return new Tokens(entries.stream()
                .map(e -> new Known(new Holder(e.name(), e.write()), digest(e.token())))
                .toList());
    }

    boolean isEmpty() {
        return known.isEmpty();
    }

    /** The owner of a token. Takes the same time for each token of a length, accepted or not. */
    Optional<Holder> holder(String token) {
        byte[] digest = digest(token);
        Optional<Holder> found = Optional.empty();
        for (Known one : known) {
            if (MessageDigest.isEqual(one.digest, digest)) {
                found = Optional.of(one.holder);
            }
        }
        return found;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
