package io.lvsd.core.sorry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The messages between the daemon and the process of the sorry server: one JSON object a line, in ASCII. Pure. */
final class SorryMessage {
    /** Of the messages; both sides must have the same one. */
    static final int VERSION = 1;

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private SorryMessage() {}

    /**
     * A request of the daemon.
     *
     * @param listeners that are to be open; empty: they stay
     * @param used those that clients are directed to; empty: they stay
     */
    record Request(Optional<List<ListenerSetup>> listeners, Optional<Set<InetSocketAddress>> used) {}

    /**
     * A reply of the process.
     *
     * @param instance identifies a run of the process
     * @param error why the request was refused; empty if it was not
     * @param results by address: why it does not serve; empty text if it does
     */
    record Response(
            String instance, String error, Map<InetSocketAddress, String> results, List<SorryCounters> counters) {}

    private interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private static String line(Members members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static String status() {
        return line(json -> json.writeStringField("request", "status"));
    }

    static String use(Set<InetSocketAddress> addresses) {
        return line(json -> {
            json.writeStringField("request", "use");
            json.writeArrayFieldStart("addresses");
            for (InetSocketAddress address : addresses) {
                json.writeStartObject();
                json.writeStringField("address", SetupJson.text(address));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** Also the content of the state file. */
    static String apply(List<ListenerSetup> listeners) {
        return line(json -> {
            json.writeStringField("request", "apply");
            SetupJson.write(json, listeners);
        });
    }

    /** @throws IOException if it is malformed; the text has the reason */
    static Request request(String text) throws IOException {
        return JsonObject.read(text, json -> {
            version(json);
            String request = json.text("request");
            return switch (request) {
                case "status" -> new Request(Optional.empty(), Optional.empty());
                case "apply" -> new Request(Optional.of(SetupJson.listeners(json)), Optional.empty());
                case "use" ->
                    new Request(
                            Optional.empty(),
                            Optional.of(Set.copyOf(json.list("addresses", a -> SetupJson.address(a.text("address"))))));
                default -> throw new IOException("unknown request '" + request + "'");
            };
        });
    }

    static String response(Response response) {
        return line(json -> {
            json.writeStringField("instance", response.instance());
            json.writeStringField("error", response.error());
            json.writeArrayFieldStart("results");
            for (Map.Entry<InetSocketAddress, String> result :
                    response.results().entrySet()) {
                json.writeStartObject();
                json.writeStringField("address", SetupJson.text(result.getKey()));
                json.writeStringField("failure", result.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("counters");
            for (SorryCounters counters : response.counters()) {
                write(json, counters);
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, SorryCounters counters) throws IOException {
        json.writeStartObject();
        json.writeStringField("virtual_server", counters.virtualServer());
        json.writeNumberField("open", counters.open());
        json.writeNumberField("connections", counters.connections());
        json.writeNumberField("pages", counters.pages());
        json.writeNumberField("assets", counters.assets());
        json.writeNumberField("relayed", counters.relayed());
        json.writeNumberField("others", counters.others());
        json.writeNumberField("limited", counters.limited());
        json.writeNumberField("failed", counters.failed());
        json.writeEndObject();
    }

    /** @throws IOException if it is malformed; the text has the reason */
    static Response response(String text) throws IOException {
        return JsonObject.read(text, json -> {
            version(json);
            Map<InetSocketAddress, String> results = new LinkedHashMap<>();
            String instance = json.text("instance");
            String error = json.text("error");
            json.list("results", r -> results.put(SetupJson.address(r.text("address")), r.text("failure")));
            return new Response(instance, error, results, json.list("counters", SorryMessage::counters));
        });
    }

    private static SorryCounters counters(JsonObject json) throws IOException {
        return new SorryCounters(
                json.text("virtual_server"),
                count(json, "open"),
                count(json, "connections"),
                count(json, "pages"),
                count(json, "assets"),
                count(json, "relayed"),
                count(json, "others"),
                count(json, "limited"),
                count(json, "failed"));
    }

    private static long count(JsonObject json, String name) throws IOException {
        return json.number(name, 0, Long.MAX_VALUE);
    }

    private static void version(JsonObject json) throws IOException {
        long version = json.number("version", 0, Integer.MAX_VALUE);
        if (version != VERSION) {
            throw new IOException("message version " + version + ": expected " + VERSION
                    + "; restart the daemon and the sorry server, so that both have the same version of lvsd");
        }
    }
}
