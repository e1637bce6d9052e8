package io.lvsd.conf.keyword;

/**
 * Whether secrets are written.
 *
 * @param shown whether they are written as they are
 */
public record Secrets(boolean shown) {
    /** In place of a secret. */
    public static final String REDACTED = "REDACTED";

    /** A secret, or what is written in its place. */
    public String text(String secret) {
        return shown ? secret : REDACTED;
    }
}
