package io.lvsd.core.cli;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import io.lvsd.core.model.PercentEncoding;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lvsd status}. */
@Command(
        name = "status",
        description = {
            "Show which servers are up or down, since when, and why.",
            "With --check: one line and performance data for a monitoring system; exit status 0 OK, 1 WARNING, 2"
                    + " CRITICAL, 3 UNKNOWN."
        },
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final int UNKNOWN = 3;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @ArgGroup
    private Form form = new Form();

    /** At most one of these. */
    static final class Form {
        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Option(names = "--watch", description = "Refresh the status every second, until interrupted.")
        private boolean watch;

        @Option(names = "--check", description = "Answer as a monitoring plugin, for all virtual servers or one.")
        private boolean check;
    }

    @Option(
            names = "--only",
            paramLabel = "problems",
            description = "problems: only virtual and real servers that are down, overridden or failing.")
    private @Nullable String only;

    @Parameters(
            arity = "0..1",
            paramLabel = "VS",
            description = "Virtual server for --check: configured name, address:port/proto, fwmark:N or group:NAME.")
    private @Nullable String virtualServer;

    @Override
    public Integer call() throws InterruptedException {
        if (only != null && !only.equals("problems")) {
            throw new ParameterException(
                    spec.commandLine(), "invalid value '" + only + "' of --only: expected problems");
        }
        if (virtualServer != null && !form.check) {
            throw new ParameterException(
                    spec.commandLine(), "a virtual server is an operand of --check; see also 'lvsd explain'");
        }
        if (form.check) {
            return check();
        }
        String request = DaemonRequests.statusRequest(only != null);
        return form.watch
                ? StatusWatch.run(daemon.socket(), request, timeout.value())
                : DaemonRequests.send(daemon.socket(), form.json ? "status json" : request, timeout.value());
    }

    /** Everything on stdout, as monitoring systems show nothing else. */
    @SuppressWarnings("SystemOut")
    private int check() {
        String operand = Optional.ofNullable(virtualServer)
                .map(v -> " " + PercentEncoding.word(v))
                .orElse("");
        try {
            Reply reply = ControlClient.request(daemon.socket(), "status-check" + operand, timeout.value());
            boolean answered = reply.body().startsWith("LVSD ");
            System.out.print(answered ? reply.body() : "LVSD UNKNOWN - " + reply.body());
            return answered ? reply.status() : UNKNOWN;
        } catch (IOException e) {
            System.out.println("LVSD UNKNOWN - " + e.getMessage());
            return UNKNOWN;
        }
    }
}
