package io.lvsd.core.demo;

import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that the demo runs: three real servers, the director, and the screen. */
public final class Demo implements AutoCloseable {
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final Path directory;
    private final DemoPorts ports;
    private final List<DemoServer> servers = new ArrayList<>();
    private final Director director;
    private final Screen screen;

    private Demo(Path directory, DemoPorts ports, Director director, Screen screen) {
        this.directory = directory;
        this.ports = ports;
        this.director = director;
        this.screen = screen;
    }

    /**
     * Starts everything on free ports of loopback.
     *
     * @param terminal whether {@code out} is a terminal, on which the table is updated in place
     * @throws IOException if no port or file is available
     */
    public static Demo start(PrintStream out, boolean terminal) throws IOException {
        DemoPorts ports = DemoPorts.find();
        Path directory = Files.createTempDirectory("lvsd-demo-");
        List<DemoServer> servers = new ArrayList<>();
        try {
            for (int i = 0; i < NAMES.size(); i++) {
                DemoServer server = new DemoServer(NAMES.get(i), ports.realServer(i));
                servers.add(server);
                server.start();
            }
            Demo demo = new Demo(directory, ports, Director.start(directory, ports), new Screen(out, terminal));
            demo.servers.addAll(servers);
            return demo;
        } catch (IOException e) {
            servers.forEach(DemoServer::close);
            delete(directory);
            throw e;
        }
    }

    /** Prints the addresses. */
    public void introduce() {
        screen.print(
                "lvsd demo: runs on loopback, without root and without IPVS. Every address below accepts requests.");
        screen.print(
                "  virtual server  http://" + Director.text(ports.service()) + "/   (round robin, forwarded by lvsd)");
        servers.forEach(s -> screen.print("  real server " + s.name() + "   " + Director.text(s.address())));
        screen.print("  status          http://" + Director.text(ports.http()) + "/   and /api/v1/status");
        screen.print(
                "  SNMP            snmpwalk -v2c -c public " + Director.text(ports.snmp()) + " 1.3.6.1.4.1.8225.4711");
        screen.print("  command line    ./lvsd table --run-dir " + directory);
        screen.print("  configuration   " + directory.resolve("lvsd.conf"));
        screen.print("");
    }

    /** Runs all steps. Returns true if each was observed. */
    public boolean runScenario() throws IOException, InterruptedException {
        return new DemoScenario(this).run();
    }

    /** Stops or starts the server of a key, {@code 1} to {@code 3}. Other keys are ignored. */
    public void toggle(char key) throws IOException {
        int number = key - '1';
        if (number < 0 || number >= servers.size()) {
            return;
        }
        DemoServer server = servers.get(number);
        if (server.isRunning()) {
            server.stop();
            screen.print("real server " + server.name() + " stopped");
        } else {
            server.start();
            screen.print("real server " + server.name() + " started");
        }
        refresh();
    }

    DemoPorts ports() {
        return ports;
    }

    Screen screen() {
        return screen;
    }

    Director director() {
        return director;
    }

    DemoServer server(int number) {
        return servers.get(number);
    }

    int count() {
        return servers.size();
    }

    /** Sends one request, so that the counters change. */
    public void sendRequest() {
        DemoClient.get(ports.service(), "/");
    }

    /** Updates the table on the screen. */
    public void refresh() {
        screen.update(table());
    }

    /** The table as lines: state and counters of each server. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        Optional<ServiceState> service = director.service();
        Optional<VsState> vs = director.server();
        lines.add("");
        lines.add(String.format(
                Locale.ROOT, "  %-22s %-8s %6s %8s %8s %8s", "", "state", "weight", "active", "inactive", "conns"));
        lines.add(String.format(
                Locale.ROOT,
                "  TCP %-18s %-8s %24s %8d",
                Director.text(ports.service()),
                vs.map(v -> v.quorumUp() ? "up" : "DOWN").orElse("starting"),
                "",
                service.map(s -> s.stats().connections()).orElse(0L)));
        List<DestinationKey> shown = new ArrayList<>();
        for (DemoServer server : servers) {
            DestinationKey key = new DestinationKey(
                    server.address().getAddress(), server.address().getPort());
            shown.add(key);
            String state = vs.flatMap(v -> v.realServers().stream()
                            .filter(r -> r.config().id().port() == key.port())
                            .findFirst())
                    .map(RsState::alive)
                    .map(up -> up ? "up" : "DOWN")
                    .orElse("?");
            lines.add(row(server.name() + "  " + key, state, destination(service, key)));
        }
        service.ifPresent(s -> s.destinations().forEach((key, state) -> {
            if (!shown.contains(key)) {
                lines.add(row("sorry page " + key.port(), "in use", Optional.of(state)));
            }
        }));
        return lines;
    }

    private static Optional<DestinationState> destination(Optional<ServiceState> service, DestinationKey key) {
        return service.flatMap(s -> Optional.ofNullable(s.destinations().get(key)));
    }

    private static String row(String name, String state, Optional<DestinationState> destination) {
        return destination
                .map(d -> String.format(
                        Locale.ROOT,
                        "   -> %-18s %-8s %6d %8d %8d %8d",
                        name,
                        state,
                        d.config().weight(),
                        d.active(),
                        d.inactive(),
                        d.stats().connections()))
                .orElseGet(() -> String.format(Locale.ROOT, "   -> %-18s %-8s %6s", name, state, "-"));
    }

    /** Stops the director, the servers, and removes the files. */
    @Override
    public void close() throws IOException {
        director.close();
        servers.forEach(DemoServer::close);
        delete(directory);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
