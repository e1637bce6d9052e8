package io.lvsd.core.sorry;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.ClientNetwork;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.lvsd.sorryserver.setup.PageSetup;
import io.lvsd.sorryserver.setup.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Listeners as JSON, both ways. */
final class SetupJson {
    private static final int MAX_PORT = 65_535;
    private static final int MIN_STATUS = 400;
    private static final int MAX_STATUS = 599;

    private SetupJson() {}

    // ---- writing

    static void write(JsonGenerator json, List<ListenerSetup> listeners) throws IOException {
        json.writeArrayFieldStart("listeners");
        for (ListenerSetup listener : listeners) {
            json.writeStartObject();
            json.writeStringField("address", text(listener.address()));
            json.writeStringField("virtual_server", listener.virtualServer());
            json.writeObjectFieldStart("content");
            write(json, listener.content());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Content content) throws IOException {
        switch (content) {
            case Content.Page page -> write(json, page);
            case Content.Relay(var target) -> {
                json.writeStringField("kind", "relay");
                json.writeStringField("target", text(target));
            }
            case Content.Banner(var text) -> {
                json.writeStringField("kind", "banner");
                json.writeStringField("text", text);
            }
            case Content.Reset() -> json.writeStringField("kind", "reset");
            case Content.DnsFailure() -> json.writeStringField("kind", "dns_failure");
        }
    }

    private static void write(JsonGenerator json, Content.Page content) throws IOException {
        json.writeStringField("kind", "page");
        json.writeObjectFieldStart("page");
        write(json, content.page());
        json.writeEndObject();
        json.writeObjectFieldStart("hosts");
        for (Map.Entry<String, PageSetup> host : new TreeMap<>(content.hosts()).entrySet()) {
            json.writeObjectFieldStart(host.getKey());
            write(json, host.getValue());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeArrayFieldStart("certificates");
        for (TlsIdentity identity : content.certificates()) {
            json.writeStartObject();
            json.writeStringField("certificate", identity.certificate().toString());
            json.writeStringField("key", identity.key().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("networks");
        for (ClientNetwork network : content.bypass().networks()) {
            json.writeString(IpAddresses.text(network.address()) + "/" + network.prefix());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("servers");
        for (InetSocketAddress server : content.bypass().servers()) {
            json.writeString(text(server));
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, PageSetup page) throws IOException {
        if (page.root().isPresent()) {
            json.writeStringField("root", page.root().get().toString());
        }
        json.writeNumberField("status", page.status());
        json.writeStringField("reason", page.reason());
        json.writeNumberField("retry_after", page.retryAfterSeconds());
        json.writeStringField("title", page.title());
        json.writeStringField("message", page.message());
        if (page.until().isPresent()) {
            json.writeStringField("until", page.until().get().toString());
        }
    }

    static String text(InetSocketAddress address) {
        return IpAddresses.text(address.getAddress(), address.getPort());
    }

    // ---- reading

    static List<ListenerSetup> listeners(JsonObject message) throws IOException {
        return message.list("listeners", SetupJson::listener);
    }

    private static ListenerSetup listener(JsonObject json) throws IOException {
        return new ListenerSetup(
                address(json.text("address")), json.text("virtual_server"), json.object("content", SetupJson::content));
    }

    private static Content content(JsonObject json) throws IOException {
        String kind = json.text("kind");
        return switch (kind) {
            case "page" -> page(json);
            case "relay" -> new Content.Relay(address(json.text("target")));
            case "banner" -> new Content.Banner(json.text("text"));
            case "reset" -> new Content.Reset();
            case "dns_failure" -> new Content.DnsFailure();
            default -> throw new IOException("unknown kind of content '" + kind + "'");
        };
    }

    private static Content page(JsonObject json) throws IOException {
        List<ClientNetwork> networks = new ArrayList<>();
        for (String network : json.texts("networks")) {
            networks.add(network(network));
        }
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String server : json.texts("servers")) {
            servers.add(address(server));
        }
        return new Content.Page(
                json.object("page", SetupJson::pageSetup),
                json.objects("hosts", SetupJson::pageSetup),
                json.list("certificates", c -> new TlsIdentity(path(c.text("certificate")), path(c.text("key")))),
                new Bypass(networks, servers));
    }

    private static PageSetup pageSetup(JsonObject json) throws IOException {
        Optional<String> root = json.optionalText("root");
        Optional<String> until = json.optionalText("until");
        return new PageSetup(
                root.isPresent() ? Optional.of(path(root.get())) : Optional.empty(),
                (int) json.number("status", MIN_STATUS, MAX_STATUS),
                json.text("reason"),
                json.number("retry_after", 0, Long.MAX_VALUE),
                json.text("title"),
                json.text("message"),
                until.isPresent() ? Optional.of(time(until.get())) : Optional.empty());
    }

    private static Instant time(String text) throws IOException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IOException("invalid time '" + text + "'", e);
        }
    }

    private static Path path(String text) throws IOException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IOException("invalid path: " + e.getReason(), e);
        }
    }

    private static ClientNetwork network(String text) throws IOException {
        int slash = text.lastIndexOf('/');
        Optional<InetAddress> address = IpAddresses.address(text.substring(0, Math.max(slash, 0)));
        try {
            if (address.isPresent()) {
                return new ClientNetwork(address.get(), Integer.parseInt(text.substring(slash + 1)));
            }
        } catch (IllegalArgumentException _) {
            // as below
        }
        throw new IOException("invalid network '" + text + "'");
    }

    /** {@code ADDRESS:PORT}, an IPv6 address in brackets. */
    static InetSocketAddress address(String text) throws IOException {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(colon, 0)).replaceAll("^\\[|]$", "");
        Optional<InetAddress> address = IpAddresses.address(host);
        String port = text.substring(colon + 1);
        if (address.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new IOException("invalid address '" + text + "'");
        }
        return new InetSocketAddress(address.get(), Integer.parseInt(port));
    }
}
