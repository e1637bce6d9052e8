package io.lvsd.core.view;

/** Whether a reload was, or would be, carried out, and if not, why not. */
public enum ReloadOutcome {
    DONE,
    /** The file cannot be used, has new errors, or changes a setting that only a start applies. */
    REFUSED,
    /** It would remove more real servers than {@code reload_guard} allows. */
    GUARDED
}
