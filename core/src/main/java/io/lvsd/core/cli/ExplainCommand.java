package io.lvsd.core.cli;

import io.lvsd.core.model.PercentEncoding;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lvsd explain}. */
@Command(
        name = "explain",
        description =
                "Show why real servers are in service or not: checks, what changes their state, overrides, weights,"
                    + " the quorum and the table. With RS, also its last 20 probes with the duration of each phase.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Parameters(
            index = "0",
            paramLabel = "VS",
            description = "Virtual server: configured name, address:port/proto, fwmark:N or group:NAME.")
    private String virtualServer = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "RS", description = "Real server: address:port.")
    private @Nullable String realServer;

    @Override
    public Integer call() {
        String request = "explain " + PercentEncoding.word(virtualServer)
                + (realServer == null ? "" : " " + PercentEncoding.word(realServer)) + (json ? " json" : "");
        return DaemonRequests.send(daemon.socket(), request, timeout.value());
    }
}
