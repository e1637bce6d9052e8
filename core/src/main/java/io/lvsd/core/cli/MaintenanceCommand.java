package io.lvsd.core.cli;

import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import io.lvsd.core.control.MaintenanceRequest;
import io.lvsd.core.operations.EndTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lvsd maintenance}. */
@Command(
        name = "maintenance",
        description = {
            "Begin planned maintenance of a virtual server: its sorry server takes all new connections although real"
                    + " servers are up. 'off' ends it. It continues across reload and restart.",
            "'on' during maintenance replaces the settings. Requires sorry_server in the configuration."
        },
        mixinStandardHelpOptions = true)
final class MaintenanceCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Parameters(
            index = "0",
            paramLabel = "VS",
            description = "Virtual server: configured name, address:port/proto, fwmark:N or group:NAME.")
    private String virtualServer = "";

    @Parameters(index = "1", paramLabel = "on|off", completionCandidates = OnOff.class, description = "on or off.")
    private String state = "";

    @Option(names = "--message", paramLabel = "TEXT", description = "Text for clients, on the sorry page.")
    private Optional<String> message = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "End: a duration such as 2h or 90m, the next 06:00, 2027-03-01T06:00, or with an offset"
                    + " 2027-03-01T06:00+01:00 (default: until 'off').")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--allow",
            paramLabel = "NETWORK",
            description = "Clients that reach the real servers meanwhile: an address or ADDRESS/PREFIX. May be"
                    + " repeated.")
    private List<String> allow = new ArrayList<>();

    @Option(
            names = "--drain",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "SECONDS",
            description = "Keep the connections of real servers until none is active, for at most SECONDS if given"
                    + " (default: removal_grace of the virtual server).")
    private @Nullable String drain;

    /** Values of the parameter for completion. */
    static final class OnOff extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        OnOff() {
            super(List.of("on", "off"));
        }
    }

    @Override
    public Integer call() {
        MaintenanceRequest request = request(ZonedDateTime.now(ZoneId.systemDefault()));
        return DaemonRequests.send(daemon.socket(), MaintenanceRequest.WORD, request.body(), timeout.value());
    }

    /**
     * The request.
     *
     * @param now with the time zone of the operator
     */
    MaintenanceRequest request(ZonedDateTime now) {
        return switch (state) {
            case "on" -> new MaintenanceRequest(virtualServer, Optional.of(settings(now)));
            case "off" -> off();
            default -> throw usage("invalid state '" + state + "': expected on or off");
        };
    }

    private MaintenanceRequest off() {
        if (message.isPresent() || until.isPresent() || !allow.isEmpty() || drain != null) {
            throw usage("'off' has no options: --message, --until, --allow and --drain are settings of 'on'");
        }
        return new MaintenanceRequest(virtualServer, Optional.empty());
    }

    private MaintenanceConfig settings(ZonedDateTime now) {
        String text = message.orElse("");
        if (!MaintenanceConfig.isMessage(text)) {
            throw usage("invalid --message: expected at most " + MaintenanceConfig.MAX_MESSAGE
                    + " characters without control characters");
        }
        List<IpNetwork> networks = new ArrayList<>();
        for (String network : allow) {
            networks.add(IpNetwork.parse(network)
                    .orElseThrow(() -> usage("invalid --allow '" + network
                            + "': expected an address or a network such as 192.0.2.0/24")));
        }
        if (networks.stream().distinct().count() > MaintenanceConfig.MAX_ALLOW) {
            throw usage("more than " + MaintenanceConfig.MAX_ALLOW + " networks with --allow: use larger networks");
        }
        return new MaintenanceConfig(
                text,
                until.map(t -> end(t, now)),
                networks,
                Optional.ofNullable(drain).map(this::drain));
    }

    private Instant end(String time, ZonedDateTime now) {
        Instant end = EndTime.parse(time, now)
                .orElseThrow(() -> usage("invalid --until '" + time + "': expected " + EndTime.EXPECTED));
        if (!end.isAfter(now.toInstant())) {
            throw usage("invalid --until '" + time + "': this time is in the past");
        }
        return end;
    }

    private Drain drain(String seconds) {
        if (seconds.isEmpty()) {
            return new Drain(Optional.empty());
        }
        if (!seconds.matches("\\d{1,8}")
                || Long.parseLong(seconds) < 1
                || Long.parseLong(seconds) > MaintenanceConfig.MAX_DRAIN) {
            throw usage("invalid --drain '" + seconds + "': expected 1 to " + MaintenanceConfig.MAX_DRAIN
                    + " seconds, or no value at the end of the command");
        }
        return new Drain(Optional.of(Duration.ofSeconds(Long.parseLong(seconds))));
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
