package io.lvsd.conf.value;

/** How much is logged: a level and all levels before it. */
public enum LogLevel {
    /** Needs attention now. */
    ERROR,
    /** Needs attention soon. */
    WARN,
    /** Changes of state, and operation. */
    INFO,
    /** Each probe and each IPVS command. */
    DEBUG,
    /** Everything, the internals of libraries included. */
    TRACE
}
