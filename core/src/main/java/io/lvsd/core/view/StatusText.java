package io.lvsd.core.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.embedded.EmbeddedIpvs.Endings;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.TreeMap;

/** The state of the daemon for people and for programs. */
public final class StatusText {
    private StatusText() {}

    /** What is up, down and why, as lines. */
    public static String text(EngineState state, DriverStatus driver) {
        StringBuilder out = new StringBuilder();
        if (driver.dryRun()) {
            out.append("DRY RUN: driver memory, nothing is sent to the kernel or to receivers of notifications\n");
        }
        driver.endings()
                .ifPresent(e -> out.append("driver embedded: ")
                        .append(e.connections())
                        .append(" connections, ")
                        .append(e.sessions())
                        .append(" UDP sessions; ended by limits ")
                        .append(e.connectionsEvicted() + e.sessionsEvicted())
                        .append(", by timeouts ")
                        .append(e.connectionsExpired() + e.sessionsExpired())
                        .append('\n'));
        for (VirtualServerConfig config : state.config().virtualServers()) {
            state.server(config.id()).ifPresent(vs -> {
                out.append(vs.config().id())
                        .append("  ")
                        .append(vs.quorumUp() ? "UP" : "DOWN")
                        .append("  live weight ")
                        .append(vs.liveWeight());
                out.append(", quorum ")
                        .append(vs.config().quorum())
                        .append(sorry(state, vs))
                        .append(Engine.isSuspended(state, config) ? ", SUSPENDED: no virtual address here" : "")
                        .append(vs.panics() ? ", PANIC: dead servers stay in" : "")
                        .append('\n');
                vs.realServers().forEach(rs -> out.append("  ").append(line(rs)).append('\n'));
            });
        }
        state.table()
                .failures()
                .active()
                .forEach((what, why) -> out.append("failure: ")
                        .append(what)
                        .append(": ")
                        .append(why.reason())
                        .append('\n'));
        state.table()
                .drifts()
                .forEach(d -> out.append("drift: ")
                        .append(d.service())
                        .append(' ')
                        .append(d.what())
                        .append(' ')
                        .append(d.detail())
                        .append('\n'));
        new TreeMap<>(state.table().incidents())
                .forEach((what, times) -> out.append("drift since the start: ")
                        .append(what)
                        .append(' ')
                        .append(times)
                        .append('\n'));
        driver.withheld().filter(w -> w.count() > 0).ifPresent(w -> {
            out.append("withheld by the dry run: ").append(w.count()).append("; the last:\n");
            w.last().forEach(l -> out.append("  ").append(l).append('\n'));
        });
        return out.toString();
    }

    private static String sorry(EngineState state, VsState vs) {
        return vs.config()
                .sorry()
                .map(s -> ", sorry server " + s.id() + (sorryInUse(state, vs) ? " IN USE" : ""))
                .orElse("");
    }

    static boolean sorryInUse(EngineState state, VsState vs) {
        return !vs.quorumUp()
                && Translation.keys(vs.config()).stream()
                        .anyMatch(k -> state.sorry().chosen().containsKey(k));
    }

    private static String line(RsState rs) {
        String checks = rs.checks().isEmpty()
                ? "no checks"
                : String.join("; ", rs.checks().stream().map(StatusText::line).toList());
        return rs.config().id() + "  " + (rs.alive() ? "up" : "down") + override(rs)
                + (rs.isRetained() ? " REMOVED, in service until a replacement is up" : "") + "  weight " + weight(rs)
                + "  "
                + checks;
    }

    private static String override(RsState rs) {
        return switch (rs.override().mode()) {
            case ENABLED -> "";
            case DRAINED -> " DRAINED";
            case DISABLED -> " DISABLED";
        };
    }

    private static String weight(RsState rs) {
        long configured = rs.config().weight();
        if (rs.override().weight().isPresent()) {
            return rs.weight() + " BY OPERATOR (configured " + configured + ")";
        }
        if (rs.ramp().isPresent()) {
            return rs.tableWeight() + " of " + rs.weight() + ", starting slowly";
        }
        return rs.weight() == configured
                ? String.valueOf(configured)
                : rs.weight() + " (configured " + configured + ")";
    }

    static String line(CheckState check) {
        if (check.config().spec() instanceof UnusableCheck unusable) {
            return check.config().kind() + " not usable, so it cannot pass: " + unusable.reason();
        }
        return check.config().kind() + " " + word(check)
                + reason(check).map(r -> ": " + r).orElse("");
    }

    private static String word(CheckState check) {
        return check.health().hasRun() ? (check.up() ? "passes" : "fails") : "not yet known";
    }

    private static String state(CheckState check) {
        if (check.config().spec() instanceof UnusableCheck) {
            return "unusable";
        }
        return check.health().hasRun() ? (check.up() ? "up" : "down") : "unknown";
    }

    private static Optional<String> reason(CheckState check) {
        return check.last().flatMap(outcome -> switch (outcome) {
            case ProbeResult.Passed _ -> Optional.empty();
            case ProbeResult.Failed(var reason, var detail) -> Optional.of(reason + ", " + detail);
            case ProbeResult.Inconclusive(var cause) -> Optional.of("inconclusive, " + cause);
        });
    }

    /** The same as one JSON object. */
    public static String json(EngineState state, DriverStatus driver, Lateness lateness) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("driver", driver.word());
            json.writeBooleanField("dryRun", driver.dryRun());
            if (driver.withheld().isPresent()) {
                json.writeObjectFieldStart("withheld");
                json.writeNumberField("count", driver.withheld().get().count());
                json.writeArrayFieldStart("last");
                for (String what : driver.withheld().get().last()) {
                    json.writeString(what);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            if (driver.endings().isPresent()) {
                write(json, driver.endings().get());
            }
            json.writeObjectFieldStart("probes");
            json.writeNumberField("started", lateness.total());
            json.writeNumberField("latenessMillisMedian", millis(lateness, 0.5));
            json.writeNumberField("latenessMillis99", millis(lateness, 0.99));
            json.writeNumberField("latenessMillisMost", millis(lateness, 1));
            json.writeEndObject();
            json.writeStringField("phase", state.phase().name().toLowerCase(java.util.Locale.ROOT));
            json.writeArrayFieldStart("virtualServers");
            for (VirtualServerConfig config : state.config().virtualServers()) {
                VsState vs = state.servers().get(config.id());
                if (vs != null) {
                    write(json, state, vs);
                }
            }
            json.writeEndArray();
            json.writeObjectFieldStart("failures");
            for (var failure : state.table().failures().active().entrySet()) {
                json.writeStringField(failure.getKey(), failure.getValue().reason());
            }
            json.writeEndObject();
            json.writeObjectFieldStart("drifts");
            for (var kind : new TreeMap<>(state.table().incidents()).entrySet()) {
                json.writeNumberField(kind.getKey(), kind.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private static double millis(Lateness lateness, double share) {
        return Math.round(lateness.quantile(share) * 10) / 10.0;
    }

    private static void write(JsonGenerator json, Endings endings) throws IOException {
        json.writeObjectFieldStart("embedded");
        json.writeNumberField("connections", endings.connections());
        json.writeNumberField("sessions", endings.sessions());
        json.writeNumberField("connectionsEvicted", endings.connectionsEvicted());
        json.writeNumberField("sessionsEvicted", endings.sessionsEvicted());
        json.writeNumberField("connectionsExpired", endings.connectionsExpired());
        json.writeNumberField("sessionsExpired", endings.sessionsExpired());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, EngineState state, VsState vs) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", vs.config().id().text());
        json.writeStringField("state", vs.quorumUp() ? "up" : "down");
        json.writeNumberField("liveWeight", vs.liveWeight());
        json.writeBooleanField("panic", vs.panics());
        json.writeBooleanField("suspended", Engine.isSuspended(state, vs.config()));
        json.writeNumberField("quorum", vs.config().quorum());
        json.writeNumberField("hysteresis", vs.config().hysteresis());
        if (vs.config().sorry().isPresent()) {
            json.writeObjectFieldStart("sorryServer");
            json.writeStringField("address", vs.config().sorry().get().id().toString());
            json.writeBooleanField("inUse", sorryInUse(state, vs));
            json.writeEndObject();
        }
        json.writeArrayFieldStart("realServers");
        for (RsState rs : vs.realServers()) {
            write(json, state, vs, rs);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, EngineState state, VsState vs, RsState rs) throws IOException {
        json.writeStartObject();
        json.writeStringField("address", rs.config().id().toString());
        json.writeStringField("state", rs.alive() ? "up" : "down");
        json.writeNumberField("weight", rs.weight());
        json.writeNumberField("configuredWeight", rs.config().weight());
        json.writeBooleanField("retained", rs.isRetained());
        json.writeStringField("override", rs.override().mode().name().toLowerCase(java.util.Locale.ROOT));
        if (rs.override().weight().isPresent()) {
            json.writeNumberField("overrideWeight", rs.override().weight().get());
        }
        ServiceKey key = Translation.keys(vs.config()).getFirst();
        ServiceState service = state.table().actual().get(key);
        DestinationState destination =
                service == null ? null : service.destinations().get(DesiredState.key(key, rs.config()));
        json.writeBooleanField("inTable", destination != null);
        if (destination != null) {
            json.writeNumberField("tableWeight", destination.config().weight());
            json.writeNumberField("activeConnections", destination.active());
            json.writeNumberField("inactiveConnections", destination.inactive());
            json.writeNumberField("connections", destination.stats().connections());
            json.writeNumberField("inBytes", destination.stats().inBytes());
            json.writeNumberField("outBytes", destination.stats().outBytes());
        }
        json.writeArrayFieldStart("checks");
        for (CheckState check : rs.checks()) {
            json.writeStartObject();
            json.writeStringField("kind", check.config().kind());
            json.writeStringField("state", state(check));
            Optional<String> reason = check.config().spec() instanceof UnusableCheck unusable
                    ? Optional.of(unusable.reason())
                    : reason(check);
            if (reason.isPresent()) {
                json.writeStringField("reason", reason.get());
            }
            if (check.certificateEnds().isPresent()) {
                json.writeStringField(
                        "certificateEnds", check.certificateEnds().get().toString());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
