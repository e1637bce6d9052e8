package io.lvsd.core.cli;

import io.lvsd.conf.source.IoReason;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;

/** A command that failed with an exception. */
final class Failure {
    private Failure() {}

    /** Prints the reason, and how to avoid it. Returns the exit status. */
    static int report(Exception failure, PrintWriter out) {
        String remedy = failure instanceof AccessDeniedException
                ? "; run as root, or use your own directories with --run-dir and (for run) --state-dir"
                : "";
        out.println("lvsd: " + IoReason.withFile(failure) + remedy);
        if (Boolean.getBoolean("lvsd.debug")) {
            failure.printStackTrace(out);
        }
        out.flush();
        return ExitStatus.FAILED;
    }
}
