package io.lvsd.core.cli;

import io.lvsd.core.model.PercentEncoding;
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
            description = "Virtual server: configured name, address:port/proto, fwmark:N or group:NAME.")
    private String virtualServer = "";

    @Parameters(index = "1", paramLabel = "RS", description = "Real server: address:port.")
    private String realServer = "";

    @Option(names = "--force", description = "Proceed even if it is the last live server.")
    private boolean force;

    RunDirOption daemon() {
        return daemon;
    }

    boolean force() {
        return force;
    }

    /** Both servers, as words of a request. */
    String words() {
        return PercentEncoding.word(virtualServer) + " " + realServer;
    }

    String request(String command, String value) {
        return command + " " + words() + (value.isEmpty() ? "" : " " + value) + (force ? " force" : "");
    }
}
