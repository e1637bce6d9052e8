package io.lvsd.core.cli;

/** Exit status of all commands. */
final class ExitStatus {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int DIFFERENCES = 3;
    static final int REFUSED = 4;
    static final int PROBLEMS = 5;
    /** Programs that others than root could change. */
    static final int UNSAFE = 6;

    private ExitStatus() {}
}
