package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import io.lvsd.lab.it.LvsdProcess.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every client command as a transcript: what it prints, and its exit status. Times, durations and ports are replaced.
 * {@code -Dtranscripts=write} writes the transcript; review the difference like code.
 */
final class CommandTranscriptIT {
    private static final Path TRANSCRIPT = Path.of("src/test/transcripts/commands.txt");

    /** Each pattern and its replacement, in this order. */
    private static final Map<Pattern, String> VOLATILE = volatileParts();

    @TempDir
    private Path directory;

    private final Map<String, String> names = new LinkedHashMap<>();
    private final StringBuilder transcript = new StringBuilder();

    private static Map<Pattern, String> volatileParts() {
        Map<Pattern, String> parts = new LinkedHashMap<>();
        parts.put(
                Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)?"),
                "TIME");
        parts.put(Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}"), "CLOCK");
        parts.put(Pattern.compile("(\"\\w*Millis\\w*\" : )[\\d.]+"), "$1N");
        parts.put(Pattern.compile("(\"started\" : )\\d+"), "$1N");
        parts.put(Pattern.compile("(\"hash\" : )\"[0-9a-f]{16}\""), "$1\"HASH\"");
        parts.put(Pattern.compile("(\"host\" : )\"[^\"]*\""), "$1\"HOST\"");
        parts.put(Pattern.compile("(\"(connections|active|inactive|in|out)\\w*\" : )\\d+"), "$1N");
        parts.put(Pattern.compile("( on )\\S+(, driver )"), "$1HOST$2");
        parts.put(Pattern.compile("\\d+(\\.\\d+)? (ms|s)\\b"), "DURATION");
        parts.put(Pattern.compile("\\b(\\d+[dhm])?\\d+[hms]\\b"), "AGE");
        parts.put(Pattern.compile("Java [\\w.+-]+"), "Java VERSION");
        parts.put(Pattern.compile("(version \\d[\\w.]*|lvsd \\d[\\w.-]*|lvsd development)"), "lvsd VERSION");
        parts.put(Pattern.compile("(?m) +$"), "");
        parts.put(Pattern.compile("(?<=\\S) {2,}"), "  ");
        return parts;
    }

    @Test
    void everyCommandPrintsWhatItsTranscriptHas() throws Exception {
        List<HttpServer> servers = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                servers.add(web(i == 0 ? 200 : 503));
            }
            int vip = port("127.0.0.1", "VIP_", freePort());
            int up = port("127.0.0.1", "UP__", servers.get(0).getAddress().getPort());
            int failing = port("127.0.0.1", "FAIL", servers.get(1).getAddress().getPort());
            Path file = directory.resolve("lvsd.conf");
            Files.writeString(file, config(vip, up, failing));
            try (LvsdProcess daemon = LvsdProcess.startReady(directory, file, "--driver", "embedded")) {
                daemon.until("the failing server is down", () -> daemon.count("event=rs.down") == 1);
                daemon.until("the other one is up", () -> daemon.count("event=check.up") == 1);
                String vs = "127.0.0.1:" + vip;
                String good = "127.0.0.1:" + up;
                String bad = "127.0.0.1:" + failing;
                for (String line : List.of(
                        "status",
                        "status --only problems",
                        "status --check",
                        "status --check " + vs,
                        "status --check nothing",
                        "explain " + vs,
                        "explain " + vs + " " + bad + " --json",
                        "table",
                        "table --stats",
                        "table --rate",
                        "table --save",
                        "table --json",
                        "plan -f " + file,
                        "plan --json -f " + file,
                        "drain " + vs + " " + good + " --no-wait",
                        "drain " + vs + " " + good + " --no-wait --force",
                        "enable " + vs + " " + good,
                        "weight " + vs + " " + good + " 5 --force",
                        "weight " + vs + " " + good + " auto --force",
                        "weight " + vs + " " + good + " many",
                        "disable " + vs + " " + bad,
                        "enable " + vs + " " + bad,
                        "disable " + vs + " 10.9.9.9:80",
                        "disable nothing " + good,
                        "reload",
                        "reload --json",
                        "log debug core.loop",
                        "log",
                        "log loud",
                        "log info a.b.c",
                        "shadow report",
                        "shadow report --since yesterday",
                        "status --json",
                        "status nothing",
                        "nothing")) {
                    run(daemon, line);
                }
            }
        } finally {
            servers.forEach(s -> s.stop(0));
        }
        if ("write".equals(System.getProperty("transcripts"))) {
            Files.createDirectories(TRANSCRIPT.getParent());
            Files.writeString(TRANSCRIPT, transcript);
        }
        assertEquals(Files.readString(TRANSCRIPT), transcript.toString());
    }

    private void run(LvsdProcess daemon, String line) throws IOException, InterruptedException {
        Result result = daemon.command(line.split(" "));
        transcript
                .append(normalized("$ lvsd " + line))
                .append('\n')
                .append(normalized(result.text()))
                .append(result.text().endsWith("\n") || result.text().isEmpty() ? "" : "\n")
                .append("exit status ")
                .append(result.status())
                .append("\n\n");
    }

    private String normalized(String text) {
        String next = text.replace(directory.toString(), "DIR");
        for (var name : names.entrySet()) {
            next = next.replace(name.getKey(), name.getValue());
        }
        for (var part : VOLATILE.entrySet()) {
            next = part.getKey().matcher(next).replaceAll(part.getValue());
        }
        return next;
    }

    /** A port that the transcript shows with a name instead of its number. */
    private int port(String address, String name, int port) {
        names.put(address + ":" + port, address + ":" + name);
        names.put(address + " " + port, address + " " + name);
        return port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpServer web(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** With long intervals, so that nothing changes while the commands run. */
    private static String config(int vip, int up, int failing) {
        return "virtual_server 127.0.0.1 " + vip
                + " {\n delay_loop 3600\n lvs_sched wrr\n lvs_method NAT\n protocol TCP\n quorum 1\n"
                + realServer(up) + realServer(failing) + "}\n";
    }

    private static String realServer(int port) {
        return " real_server 127.0.0.1 " + port + " {\n  weight 1\n  HTTP_GET {\n   url {\n    path /\n"
                + "    status_code 200\n   }\n   connect_timeout 3\n   retry 0\n   delay_loop 3600\n  }\n }\n";
    }
}
