package io.lvsd.conf.check;

/**
 * A check that was configured and cannot be made because of an error: it never runs, and so it never passes.
 *
 * @param kind the keyword as it was written
 * @param reason the error, with its place
 */
public record UnusableCheck(String kind, String reason) implements CheckSpec {}
