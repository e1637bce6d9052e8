package io.lvsd.core.api;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.daemon.Daemon;
import io.lvsd.core.daemon.TableDriver;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** A daemon with the driver memory and an HTTP endpoint, and two real servers that accept connections. */
final class RunningDaemon implements AutoCloseable {
    static final String READER = "reader-token-0123456789";
    static final String WRITER = "writer-token-0123456789";

    private final Path file;
    private final int interval;
    // In the order of their ports, in which commands for the table are issued.
    private final ServerSocket a;
    private final ServerSocket b;
    private final int port;
    private final Daemon daemon;
    private final Thread engine;

    RunningDaemon(Path directory) throws Exception {
        this(directory, 1);
    }

    /** @param interval of the checks, in seconds */
    RunningDaemon(Path directory, int interval) throws Exception {
        this.interval = interval;
        ServerSocket one = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        boolean ascending = one.getLocalPort() < other.getLocalPort();
        a = ascending ? one : other;
        b = ascending ? other : one;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path tokens = directory.resolve("tokens");
        Files.createFile(tokens, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokens, "reader " + READER + "\nwriter " + WRITER + " write\n");
        file = directory.resolve("lvsd.conf");
        write(text(""));
        RepeatedSource source =
                new RepeatedSource(new ConfigLoader.Source(file, "test", Optional.of(ConfigFormat.KEEPALIVED)));
        ConfigLoader.Loaded loaded = source.load();
        daemon = new Daemon(source, loaded.config(), TableDriver.open(Driver.MEMORY, loaded), Store.inMemory());
        daemon.start(loaded, Store.inMemory(), false);
        engine = Thread.ofPlatform().start(() -> {
            try {
                daemon.run();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** The configuration: one virtual server with two real servers, and another with one. */
    String text(String more) {
        return "lvsd {\n reload_guard 60\n http {\n  listen 127.0.0.1:" + port + "\n  token_file "
                + file.resolveSibling("tokens") + "\n }\n}\nvirtual_server 192.0.2.1 80 {\n snmp_name web\n"
                + " protocol TCP\n delay_loop " + interval + "\n lvs_sched rr\n lvs_method NAT\n" + realServer(a)
                + realServer(b)
                + "}\nvirtual_server 192.0.2.1 443 {\n protocol TCP\n delay_loop " + interval
                + "\n lvs_sched rr\n lvs_method NAT\n"
                + realServer(a) + "}\n" + more;
    }

    private static String realServer(ServerSocket server) {
        return " real_server 127.0.0.1 " + server.getLocalPort() + " {\n  TCP_CHECK {\n   connect_timeout 5\n  }\n }\n";
    }

    void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    Daemon daemon() {
        return daemon;
    }

    int port() {
        return port;
    }

    /** {@code address:port} of the first real server. */
    String realServerA() {
        return "127.0.0.1:" + a.getLocalPort();
    }

    String realServerB() {
        return "127.0.0.1:" + b.getLocalPort();
    }

    ApiClient client(String token) {
        return new ApiClient(port, Optional.of(token));
    }

    void until(Predicate<EngineState> condition) throws InterruptedException {
        if (!daemon.await(condition, Duration.ofMinutes(1))) {
            throw new AssertionError("the state did not meet the condition within a minute");
        }
    }

    /** Waits until each check has passed, and the table has all destinations. */
    void untilUp() throws InterruptedException {
        until(state -> state.isStarted()
                && state.servers().values().stream()
                        .flatMap(vs -> vs.realServers().stream())
                        .allMatch(rs -> rs.known() && rs.alive())
                && state.table().lastRead().destinationCount() == 3);
    }

    @Override
    public void close() throws IOException {
        daemon.requestStop();
        try {
            engine.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        daemon.close();
        a.close();
        b.close();
    }
}
