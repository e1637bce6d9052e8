package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lvsd table}. */
@Command(
        name = "table",
        description = "Show the IPVS table, freshly read, in ipvsadm's layouts.",
        mixinStandardHelpOptions = true)
final class TableCommand implements Callable<Integer> {
    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @ArgGroup
    private Layout layout = new Layout();

    /** At most one of these. */
    static final class Layout {
        @Option(names = "--stats", description = "Show counters.")
        private boolean stats;

        @Option(names = "--rate", description = "Show rates per second.")
        private boolean rate;

        @Option(names = "--save", description = "Print lines for 'ipvsadm -R'.")
        private boolean save;

        @Option(names = "--json", description = "Print everything as JSON.")
        private boolean json;

        String word() {
            return stats ? "stats" : rate ? "rate" : save ? "save" : json ? "json" : "list";
        }
    }

    @Override
    public Integer call() {
        return DaemonRequests.send(daemon.socket(), "table " + layout.word(), timeout.value());
    }
}
