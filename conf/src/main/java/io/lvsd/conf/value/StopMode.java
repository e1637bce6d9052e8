package io.lvsd.conf.value;

/** The table after an orderly stop. */
public enum StopMode {
    /** As it was found at start. */
    REMOVE,
    /** Unchanged. */
    KEEP
}
