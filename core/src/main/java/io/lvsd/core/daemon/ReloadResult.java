package io.lvsd.core.daemon;

/**
 * The result of a reload.
 *
 * @param problems the new problems in full, and the number of those that the running configuration has too
 * @param text one line that says what was done, or why nothing was
 */
public record ReloadResult(Outcome outcome, String problems, String text) {
    /** Whether a reload was carried out, and if not, why not. */
    public enum Outcome {
        DONE,
        /** The file cannot be used, or has new errors. */
        REFUSED,
        /** It would remove more real servers than {@code reload_guard} allows. */
        GUARDED
    }
}
