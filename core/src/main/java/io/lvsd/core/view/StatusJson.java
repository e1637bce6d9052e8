package io.lvsd.core.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.view.DriverStatus.Withheld;
import io.lvsd.ipvs.embedded.EmbeddedIpvs.Endings;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** The state of the daemon as JSON, for {@code lvsd status --json} and {@code /status.json}. */
public final class StatusJson {
    private StatusJson() {}

    /** One object. */
    public static String of(EngineState state, DriverStatus driver, Lateness lateness) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("driver", driver.word());
            json.writeBooleanField("dryRun", driver.dryRun());
            if (driver.withheld().isPresent()) {
                write(json, driver.withheld().get());
            }
            if (driver.endings().isPresent()) {
                write(json, driver.endings().get());
            }
            write(json, lateness);
            json.writeStringField("phase", state.phase().name().toLowerCase(Locale.ROOT));
            json.writeArrayFieldStart("virtualServers");
            for (VirtualServerConfig config : state.config().virtualServers()) {
                VsState vs = state.servers().get(config.id());
                if (vs != null) {
                    write(json, state, vs);
                }
            }
            json.writeEndArray();
            writeFailures(json, state);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private static void write(JsonGenerator json, Withheld withheld) throws IOException {
        json.writeObjectFieldStart("withheld");
        json.writeNumberField("count", withheld.count());
        json.writeArrayFieldStart("last");
        for (String what : withheld.last()) {
            json.writeString(what);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Lateness lateness) throws IOException {
        json.writeObjectFieldStart("probes");
        json.writeNumberField("started", lateness.total());
        json.writeNumberField("latenessMillisMedian", millis(lateness, 0.5));
        json.writeNumberField("latenessMillisP99", millis(lateness, 0.99));
        json.writeNumberField("latenessMillisMax", millis(lateness, 1));
        json.writeEndObject();
    }

    private static void writeFailures(JsonGenerator json, EngineState state) throws IOException {
        json.writeObjectFieldStart("failures");
        for (var failure : state.table().failures().active().entrySet()) {
            json.writeStringField(failure.getKey(), failure.getValue().reason());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("driftCounts");
        for (var kind : new TreeMap<>(state.table().incidents()).entrySet()) {
            json.writeNumberField(kind.getKey(), kind.getValue());
        }
        json.writeEndObject();
    }

    private static double millis(Lateness lateness, double quantile) {
        return Math.round(lateness.quantile(quantile) * 10) / 10.0;
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
            json.writeBooleanField("inUse", StatusTerms.sorryInUse(state, vs));
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
        json.writeStringField("override", rs.override().mode().name().toLowerCase(Locale.ROOT));
        if (rs.override().weight().isPresent()) {
            json.writeNumberField("overrideWeight", rs.override().weight().get());
        }
        writeDestination(json, state, vs, rs);
        json.writeArrayFieldStart("checks");
        for (CheckState check : rs.checks()) {
            write(json, check);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeDestination(JsonGenerator json, EngineState state, VsState vs, RsState rs)
            throws IOException {
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
    }

    private static void write(JsonGenerator json, CheckState check) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", check.config().kind());
        json.writeStringField("state", StatusTerms.state(check));
        Optional<String> reason = StatusTerms.reason(check);
        if (reason.isPresent()) {
            json.writeStringField("reason", reason.get());
        }
        if (check.certificateEnds().isPresent()) {
            json.writeStringField(
                    "certificateExpires", check.certificateEnds().get().toString());
        }
        json.writeEndObject();
    }
}
