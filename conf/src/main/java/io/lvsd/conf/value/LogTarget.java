package io.lvsd.conf.value;

/** Where the log is written. */
public enum LogTarget {
    /** Standard error. */
    STDERR,
    /** systemd's journal, with a field for each key. */
    JOURNAL,
    /** The local syslog socket. */
    SYSLOG
}
