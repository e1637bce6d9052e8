package io.lvsd.conf.value;

/** The services that a stop removes besides ours with all their real servers: the values of {@code lvs_flush_on_stop}. */
public enum StopFlush {
    /** None. */
    NONE,
    /** Ours, without notifications about their real servers. */
    OURS,
    /** Foreign services as well. */
    ALL
}
