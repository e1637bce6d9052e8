package io.lvsd.core.cli;

/** Exit status of all commands. */
final class ExitStatus {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int DIFFERENCES = 3;
    static final int REFUSED = 4;
    static final int PROBLEMS = 5;
    /** More real servers would be removed than {@code reload_guard} allows. */
    static final int GUARDED = 7;
    /** A deadline has passed. */
    static final int TIMED_OUT = 8;
    /** The heap is exhausted. */
    static final int HEAP_EXHAUSTED = 12;
    /** Unsafe scripts, or a failed include check. */
    static final int UNSAFE = 6;

    private ExitStatus() {}
}
