package io.lvsd.conf.value;

/** The table that an orderly stop leaves behind. */
public enum StopMode {
    /** As it was found at start. */
    REMOVE,
    /** Unchanged. */
    KEEP
}
