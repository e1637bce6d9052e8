package io.lvsd.core.cli;

import io.lvsd.core.model.Words;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code VS RS [--force]} of commands about one real server. */
final class ServerArguments {
    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Parameters(
            index = "0",
            paramLabel = "VS",
            description = "Configured name, or address:port/proto, fwmark:N, group:NAME.")
    private String virtualServer = "";

    @Parameters(index = "1", paramLabel = "RS", description = "address:port.")
    private String realServer = "";

    @Option(names = "--force", description = "Even if it is the last live server.")
    private boolean force;

    RunDirOption daemon() {
        return daemon;
    }

    String request(String command, String value) {
        return command + " " + Words.word(virtualServer) + " " + realServer + (value.isEmpty() ? "" : " " + value)
                + (force ? " force" : "");
    }
}
