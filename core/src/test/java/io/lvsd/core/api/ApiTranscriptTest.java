package io.lvsd.core.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.core.http.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every resource as a transcript: requests, statuses and responses of a daemon, also those that are refused. Times, durations
 * and ports are replaced. {@code -Dtranscripts=write} writes the transcript; review the difference like code.
 */
final class ApiTranscriptTest {
    private static final Path TRANSCRIPT = Path.of("src", "test", "transcripts", "api", "requests.txt");
    private static final String API = "/api/v1";
    private static final String NAME_SERVER = "virtual_server 192.0.2.2 53 {\n"
            + " lvs_sched rr\n"
            + " lvs_method NAT\n"
            + " real_server 192.0.2.77 53 {\n"
            + " }\n"
            + " protocol ";
    private static final int LONG_INTERVAL = 3_600;
    private static final int LARGE_BODY = 1 << 22;
    private static final int WRONG_TOKENS = 5;

    /** Each pattern and its replacement, in this order. */
    private static final Map<Pattern, String> VOLATILE = volatileParts();

    @TempDir
    private Path directory;

    private final StringBuilder transcript = new StringBuilder();

    private static Map<Pattern, String> volatileParts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME");
        parts.put("(\"\\w*Millis\\w*\" : )[\\d.E-]+", "$1N");
        parts.put("(\"(started|id|lastId)\" : )\\d+", "$1N");
        parts.put("(\"(hash|\\w*Hash)\" : )\"[0-9a-f]{16}\"", "$1\"HASH\"");
        parts.put("(\"(host|version)\" : )\"[^\"]*\"", "$1\"NAME\"");
        parts.put("(\"duration\" : )\"[^\"]*\"", "$1\"DURATION\"");
        parts.put("\\d+(\\.\\d+)? (ms|s)\\b", "DURATION");
        parts.put("(?<!= )\\b(\\d+[dhm])?\\d+(\\.\\d+)?[hms]\\b", "AGE");
        parts.put("(connect_port( =)?) \\d+", "$1 PORT");
        parts.put("more than \\d+ bytes", "more than N bytes");
        parts.put("(\"retryAfterSeconds\" : )\\d+", "$1N");
        Map<Pattern, String> compiled = new LinkedHashMap<>();
        parts.forEach((pattern, replacement) -> compiled.put(Pattern.compile(pattern), replacement));
        return compiled;
    }

    @Test
    void everyResourceRespondsAsItsTranscriptHas() throws Exception {
        try (RunningDaemon daemon = new RunningDaemon(directory, LONG_INTERVAL)) {
            daemon.untilUp();
            Session session = new Session(daemon);
            reads(session, daemon);
            changes(session, daemon);
            reloads(session, daemon);
            refusals(session);
        }
        if ("write".equals(System.getProperty("transcripts"))) {
            Files.createDirectories(TRANSCRIPT.getParent());
            Files.writeString(TRANSCRIPT, transcript);
        }
        assertEquals(Files.readString(TRANSCRIPT), transcript.toString());
    }

    private static void reads(Session session, RunningDaemon daemon) throws IOException {
        String web = API + "/virtual-servers/web";
        String a = web + "/real-servers/" + daemon.realServerA();
        session.get("/livez");
        session.get("/readyz");
        session.get(API + "/status");
        session.get(API + "/virtual-servers");
        session.get(web);
        session.get(a);
        session.get(web + "/explain");
        session.get(a + "/explain");
        session.get(API + "/table");
        session.get(API + "/config");
        session.get(API + "/config?format=hocon");
        session.get(API + "/events?vs=192.0.2.1:443%2Ftcp");
        session.get(a + "/drain");
        session.get(API + "/virtual-servers/nothing");
        session.get(API + "/virtual-servers/192.0.2.1");
        session.get(web + "/real-servers/192.0.2.99:80");
        session.get(API + "/nothing");
        session.get(API + "/status?colour=red");
        session.get(API + "/config?format=xml");
        session.get(API + "/events?since=yesterday");
        session.get("/../etc/passwd");
    }

    private static void changes(Session session, RunningDaemon daemon) throws Exception {
        String web = API + "/virtual-servers/web/real-servers/";
        String a = web + daemon.realServerA();
        String b = web + daemon.realServerB();
        session.post(a + "/drain", "{\"timeoutSeconds\": 60}");
        daemon.until(state -> state.table().lastRead().destinationCount() == 2);
        session.get(a + "/drain");
        session.post(b + "/disable", "{}");
        session.post(b + "/disable", "{\"force\": true}");
        session.post(a + "/enable", "{}");
        session.post(b + "/enable", "{}");
        session.post(a + "/weight", "{\"weight\": 5}");
        session.post(a + "/weight", "{\"weight\": \"auto\"}");
        session.post(a + "/weight", "{}");
        session.post(a + "/weight", "{\"weight\": \"many\"}");
        session.post(a + "/drain", "{\"timeout\": 60}");
        session.post(a + "/drain", "{");
    }

    private static void reloads(Session session, RunningDaemon daemon) throws IOException {
        session.post(API + "/plan", "{\"configuration\": \"nonsense\\n\"}");
        session.get(API + "/plan");
        session.post(API + "/reload", "{}");
        daemon.write(daemon.text("nonsense\n"));
        session.get(API + "/plan");
        session.post(API + "/reload", "{}");
        daemon.write(daemon.text("").replaceFirst("virtual_server 192.0.2.1 80 (?s:.*?)\n\\}\n", ""));
        session.post(API + "/reload", "{}");
        daemon.write(daemon.text(NAME_SERVER + "tcp\n}\n" + NAME_SERVER + "udp\n}\n"));
        session.post(API + "/reload", "{\"force\": true}");
    }

    private static void refusals(Session session) throws IOException {
        session.get(API + "/virtual-servers/192.0.2.2:53");
        String reload = API + "/reload";
        session.request("GET", API + "/status", "", "Host: attacker.example");
        session.request("DELETE", API + "/status", "");
        session.request("POST", reload, "{}", "Content-Type: application/json");
        session.request("POST", reload, "{}", "Content-Type: application/json", "Authorization: Bearer READER");
        session.request("POST", reload, "{}", "Content-Type: application/json", "Authorization: Digest x");
        session.request("POST", reload, "{}", "Content-Type: text/plain", "Authorization: Bearer WRITER");
        String[] other = {"Origin: http://attacker.example", "Origin: null", "Sec-Fetch-Site: cross-site"};
        for (String header : other) {
            session.request(
                    "POST", reload, "{}", "Content-Type: application/json", "Authorization: Bearer WRITER", header);
        }
        session.request("GET", API + "/status", "", "Expect: something");
        session.request("GET", API + "/status", "", "Transfer-Encoding: chunked", "Content-Length: 5");
        session.request("GET", API + "/" + "x".repeat(1 << 13), "");
        session.request("GET", API + "/status", "", "X-Long: " + "x".repeat(1 << 13));
        session.request(
                "POST",
                reload,
                "",
                "Content-Type: application/json",
                "Authorization: Bearer WRITER",
                "Content-Length: " + LARGE_BODY);
        for (int i = 0; i <= WRONG_TOKENS; i++) {
            session.request("GET", API + "/status", "", "Authorization: Bearer a-wrong-token-" + i);
        }
        // The address has presented this token before.
        session.request("GET", API + "/events?limit=1&vs=none", "", "Authorization: Bearer WRITER");
    }

    /** Sends requests, each with its own connection, and adds them to the transcript. */
    private final class Session {
        private final Map<String, String> names = new LinkedHashMap<>();
        private final InetSocketAddress server;

        Session(RunningDaemon daemon) {
            server = new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
            names.put(directory.toString(), "DIR");
            port(daemon.realServerA(), "AAAA");
            port(daemon.realServerB(), "BBBB");
            port("127.0.0.1:" + daemon.port(), "HTTP");
        }

        private void port(String address, String name) {
            names.put(address, address.replaceFirst(":\\d+", ":" + name));
            names.put(address.replace(":", " "), address.replaceFirst(":\\d+", " " + name));
        }

        void get(String path) throws IOException {
            request("GET", path, "");
        }

        void post(String path, String body) throws IOException {
            request("POST", path, body, "Content-Type: application/json", "Authorization: Bearer WRITER");
        }

        void request(String method, String path, String body, String... headers) throws IOException {
            StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
            String all = String.join("\r\n", headers);
            request.append(all.contains("Host: ") ? "" : "Host: 127.0.0.1:" + server.getPort() + "\r\n");
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            int length = body.getBytes(StandardCharsets.UTF_8).length;
            request.append(length == 0 ? "" : "Content-Length: " + length + "\r\n")
                    .append("\r\n")
                    .append(body);
            RawClient.Reply reply = RawClient.exchange(
                    server,
                    request.toString()
                            .replace("Bearer READER", "Bearer " + RunningDaemon.READER)
                            .replace("Bearer WRITER", "Bearer " + RunningDaemon.WRITER));
            transcript
                    .append(normalized(method + " " + path))
                    .append('\n')
                    .append(all.isEmpty() ? "" : normalized(all.replace("\r", "")) + "\n")
                    .append(body.isEmpty() ? "" : body + "\n")
                    .append(reply.status())
                    .append(' ')
                    .append(reply.header("content-type"))
                    .append('\n')
                    .append(normalized(reply.body()).stripTrailing())
                    .append("\n\n");
        }

        private String normalized(String text) {
            String next = text.replaceAll("x{9,}", "xxx...");
            for (var name : names.entrySet()) {
                next = next.replace(name.getKey(), name.getValue());
            }
            for (var part : VOLATILE.entrySet()) {
                next = part.getKey().matcher(next).replaceAll(part.getValue());
            }
            return next;
        }
    }
}
