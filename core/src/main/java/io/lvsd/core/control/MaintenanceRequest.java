package io.lvsd.core.control;

import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The request {@code maintenance}. Its body has a line for each value: a word, and the value after a blank.
 *
 * @param virtualServer as the operator names it
 * @param settings empty: the maintenance ends
 */
public record MaintenanceRequest(String virtualServer, Optional<MaintenanceConfig> settings) {
    /** The first word of the request. */
    public static final String WORD = "maintenance";

    private static final String SERVER = "server";
    private static final String OFF = "off";
    private static final String UNTIL = "until";
    private static final String ALLOW = "allow";
    private static final String DRAIN = "drain";
    private static final String MESSAGE = "message";

    /** The body; {@link #parse} reads it. */
    public String body() {
        StringBuilder out = new StringBuilder();
        line(out, SERVER, virtualServer);
        if (settings.isEmpty()) {
            line(out, OFF, "");
            return out.toString();
        }
        MaintenanceConfig on = settings.get();
        on.until().ifPresent(end -> line(out, UNTIL, end.toString()));
        on.allow().forEach(network -> line(out, ALLOW, network.toString()));
        on.drain()
                .ifPresent(drain -> line(
                        out,
                        DRAIN,
                        drain.limit().map(l -> String.valueOf(l.toSeconds())).orElse("")));
        line(out, MESSAGE, on.message());
        return out.toString();
    }

    private static void line(StringBuilder out, String word, String value) {
        out.append(word).append(' ').append(value).append('\n');
    }

    /** Reads a body; empty if it is malformed. */
    static Optional<MaintenanceRequest> parse(String body) {
        String server = "";
        boolean off = false;
        Optional<Instant> until = Optional.empty();
        List<IpNetwork> allow = new ArrayList<>();
        Optional<Drain> drain = Optional.empty();
        String message = "";
        try {
            for (String line : body.split("\n")) {
                int blank = line.indexOf(' ');
                String value = line.substring(blank + 1);
                switch (line.substring(0, Math.max(0, blank))) {
                    case SERVER -> server = value;
                    case OFF -> off = true;
                    case UNTIL -> until = Optional.of(Instant.parse(value));
                    case ALLOW -> allow.add(IpNetwork.parse(value).orElseThrow(IllegalArgumentException::new));
                    case DRAIN -> drain = Optional.of(drain(value));
                    case MESSAGE -> message = value;
                    default -> {
                        return Optional.empty();
                    }
                }
            }
            return Optional.of(new MaintenanceRequest(
                    server, off ? Optional.empty() : Optional.of(new MaintenanceConfig(message, until, allow, drain))));
        } catch (DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Drain drain(String seconds) {
        return new Drain(
                seconds.isEmpty() ? Optional.empty() : Optional.of(Duration.ofSeconds(Long.parseLong(seconds))));
    }
}
