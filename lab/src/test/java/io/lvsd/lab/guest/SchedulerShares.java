package io.lvsd.lab.guest;

import io.lvsd.core.control.ControlClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * What share of the connections each server gets, scheduler by scheduler, with one driver: the same configuration, the same
 * clients in the same order, all on loopback. Run once with the kernel's IPVS and once with the embedded driver, the two
 * results can be laid side by side.
 */
public final class SchedulerShares {
    private static final String SERVICE = "127.0.9.1";
    private static final int FIRST_PORT = 8001;
    private static final List<String> SERVERS = List.of("127.0.9.11", "127.0.9.12", "127.0.9.13");
    private static final List<Integer> WEIGHTS = List.of(1, 2, 4);
    private static final int SERVER_PORT = 9001;
    private static final int DEADLINE_MILLIS = 30_000;

    /** Lines of a virtual server that select the scheduler, by the name of the result. */
    private static final Map<String, String> SCHEDULING = new TreeMap<>(Map.of(
            "rr", "lvs_sched rr",
            "wrr", "lvs_sched wrr",
            "lc", "lvs_sched lc",
            "wlc", "lvs_sched wlc",
            "sed", "lvs_sched sed",
            "nq", "lvs_sched nq",
            "sh", "lvs_sched sh",
            "mh", "lvs_sched mh",
            "persistent", "lvs_sched rr\n  persistence_timeout 300\n  persistence_granularity 255.255.255.0",
            "sh-fallback", "lvs_sched sh\n  sh-fallback"));

    private SchedulerShares() {}

    /**
     * What came out.
     *
     * @param table as {@code lvsd table} shows it before the first connection
     * @param statistics as {@code lvsd table --stats} shows them after the last one
     * @param counts for each kind of scheduling the connections of each server
     * @param orders a checksum over the servers that responded, in order of connections
     */
    public record Result(String table, String statistics, Map<String, List<Integer>> counts, Map<String, Long> orders) {
        /** As lines, to be carried out of a guest. */
        void write(Path file) throws IOException {
            StringBuilder out = new StringBuilder();
            counts.forEach((name, shares) -> {
                out.append(name);
                shares.forEach(s -> out.append(' ').append(s));
                out.append(' ').append(orders.get(name)).append('\n');
            });
            out.append('\n').append(table).append('\n').append(statistics);
            Files.writeString(file, out, StandardCharsets.US_ASCII);
        }

        public static Result read(Path file) throws IOException {
            String[] parts = Files.readString(file, StandardCharsets.US_ASCII).split("\n\n", 3);
            Map<String, List<Integer>> counts = new TreeMap<>();
            Map<String, Long> orders = new TreeMap<>();
            for (String line : parts[0].split("\n")) {
                List<String> words = List.of(line.split(" "));
                int last = words.size() - 1;
                counts.put(
                        words.getFirst(),
                        words.subList(1, last).stream().map(Integer::valueOf).toList());
                orders.put(words.getFirst(), Long.valueOf(words.get(last)));
            }
            return new Result(parts[1] + "\n", parts[2], counts, orders);
        }
    }

    /** DRIVER CONNECTIONS FILE: runs from the top of the repository, and writes the result. */
    public static void main(String[] arguments) throws Exception {
        measure(Path.of("."), arguments[0], Integer.parseInt(arguments[1])).write(Path.of(arguments[2]));
        System.exit(0);
    }

    /** Runs the daemon of a checkout with a driver, and makes so many connections to each service. */
    public static Result measure(Path root, String driver, int connections) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("lvsd-shares-");
        Path config = directory.resolve("lvsd.conf");
        Files.writeString(config, configuration(), StandardCharsets.US_ASCII);
        List<ServerSocket> servers = new ArrayList<>();
        Process lvsd = null;
        try {
            for (int i = 0; i < SERVERS.size(); i++) {
                servers.add(serve(SERVERS.get(i), (char) ('0' + i)));
            }
            lvsd = new ProcessBuilder(
                            "./lvsd",
                            "run",
                            "-f",
                            config.toString(),
                            "--driver",
                            driver,
                            "--run-dir",
                            directory + "/run",
                            "--state-dir",
                            directory + "/state")
                    .directory(root.toFile())
                    .redirectOutput(directory.resolve("log").toFile())
                    .redirectErrorStream(true)
                    .start();
            String table = awaitTable(directory, lvsd);
            Map<String, List<Integer>> counts = new TreeMap<>();
            Map<String, Long> orders = new TreeMap<>();
            int port = FIRST_PORT;
            for (String name : SCHEDULING.keySet()) {
                connect(port++, connections, name, counts, orders);
            }
            return new Result(table, ask(directory, "table stats"), counts, orders);
        } finally {
            if (lvsd != null) {
                lvsd.destroy();
                lvsd.waitFor(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
            }
            for (ServerSocket server : servers) {
                server.close();
            }
        }
    }

    private static String ask(Path directory, String request) {
        try {
            return ControlClient.request(directory.resolve("run").resolve("lvsd.sock"), request)
                    .body();
        } catch (IOException _) {
            return "";
        }
    }

    private static String configuration() {
        StringBuilder text = new StringBuilder();
        int port = FIRST_PORT;
        for (String lines : SCHEDULING.values()) {
            text.append("virtual_server " + SERVICE + " ").append(port++).append(" {\n  protocol TCP\n");
            text.append("  lvs_method NAT\n  ").append(lines).append('\n');
            for (int i = 0; i < SERVERS.size(); i++) {
                text.append("  real_server ").append(SERVERS.get(i)).append(' ').append(SERVER_PORT);
                text.append(" {\n    weight ").append(WEIGHTS.get(i)).append("\n  }\n");
            }
            text.append("}\n");
        }
        return text.toString();
    }

    /** A server that sends its name and closes. */
    private static ServerSocket serve(String address, char name) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), SERVER_PORT), 128);
        Thread.ofPlatform().name("server-" + name).daemon().start(() -> {
            while (!server.isClosed()) {
                try (Socket connection = server.accept()) {
                    connection.getOutputStream().write(name);
                } catch (IOException _) {
                    // The client has gone, or the end has come.
                }
            }
        });
        return server;
    }

    private static String awaitTable(Path directory, Process daemon) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2L * DEADLINE_MILLIS);
        int wanted = SCHEDULING.size() * SERVERS.size();
        while (System.nanoTime() < deadline && daemon.isAlive()) {
            String text = ask(directory, "table list");
            if (text.lines().filter(l -> l.contains(" -> 127.")).count() == wanted) {
                return text;
            }
            Thread.sleep(200);
        }
        throw new IOException("no table in time:\n" + Files.readString(directory.resolve("log")));
    }

    private static void connect(
            int port, int connections, String name, Map<String, List<Integer>> counts, Map<String, Long> orders) {
        int[] shares = new int[SERVERS.size()];
        CRC32 order = new CRC32();
        for (int i = 0; i < connections; i++) {
            int server = ask(i, port) - '0';
            if (server < 0 || server >= shares.length) {
                throw new IllegalStateException(name + ": connection " + i + " was not answered");
            }
            shares[server]++;
            order.update(server);
        }
        counts.put(name, java.util.Arrays.stream(shares).boxed().toList());
        orders.put(name, order.getValue());
    }

    /** One connection of one client; the name that it was answered with. */
    private static int ask(int client, int port) {
        byte[] source = {127, 10, (byte) (client / 250 % 250), (byte) (client % 250 + 1)};
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(source), 0));
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(SERVICE), port), DEADLINE_MILLIS);
            int name = socket.getInputStream().read();
            // The end of input shows that the server has closed, so that no two connections are open at the same time.
            while (socket.getInputStream().read() >= 0) {}
            return name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
