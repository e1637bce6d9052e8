package io.lvsd.core.demo;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.control.ControlServer;
import io.lvsd.core.control.DaemonHandler;
import io.lvsd.core.daemon.Daemon;
import io.lvsd.core.daemon.TableDriver;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.store.Store;
import io.lvsd.ipvs.model.ServiceState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs the daemon in this process, with the configuration of the demo. */
final class Director implements AutoCloseable {
    private static final int SERVERS = 3;
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STOP_MILLIS = 5_000;

    private final Daemon daemon;
    private final ControlServer control;
    private final Thread thread;

    private Director(Daemon daemon, ControlServer control) {
        this.daemon = daemon;
        this.control = control;
        this.thread = Thread.ofPlatform().name("director").daemon().unstarted(this::run);
    }

    /** Starts the daemon with its files in a directory. */
    static Director start(Path directory, DemoPorts ports) throws IOException {
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(file, configuration(ports), StandardCharsets.US_ASCII);
        RepeatedSource source = new RepeatedSource(ConfigLoader.Source.of(file));
        ConfigLoader.Loaded loaded = source.load();
        if (loaded.hasErrors()) {
            throw new IOException(loaded.problems().getFirst().render());
        }
        try {
            TableDriver table = TableDriver.open(Driver.EMBEDDED, loaded);
            Store store = Store.open(directory.resolve("state"));
            Daemon daemon = new Daemon(source, loaded.config(), table, store);
            daemon.start(loaded, store, false);
            ControlServer control = ControlServer.open(
                    directory.resolve("lvsd.sock"),
                    new DaemonHandler(daemon, daemon.overrides(), daemon.maintenance(), daemon.snmp()));
            Director director = new Director(daemon, control);
            director.thread.start();
            director.awaitService();
            return director;
        } catch (TableDriver.UnusableException | Store.InUseException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String configuration(DemoPorts ports) {
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < SERVERS; i++) {
            servers.append("  real_server ").append(words(ports.realServer(i))).append(" {\n");
            servers.append("    HTTP_GET {\n      url {\n        path /\n        status_code 200\n      }\n");
            servers.append("      connect_timeout 1\n      retry 0\n    }\n  }\n");
        }
        return """
            lvsd {
              driver embedded
              sorry_listen %d
              snmp {
                listen udp:%s
                community public
              }
              http {
                listen %s
              }
            }
            virtual_server %s {
              delay_loop 1
              protocol TCP
              lvs_sched rr
              lvs_method NAT
              sorry_server %s
            %s}
            """.formatted(
                        ports.sorryPage().getPort(),
                        text(ports.snmp()),
                        text(ports.http()),
                        words(ports.service()),
                        words(ports.sorryServer()),
                        servers);
    }

    private static String words(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + " " + address.getPort();
    }

    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private void awaitService() throws IOException {
        long deadline = System.nanoTime() + START_NANOS;
        while (service().filter(s -> s.destinations().size() == SERVERS).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("timeout: the director did not start within "
                        + TimeUnit.NANOSECONDS.toSeconds(START_NANOS) + " s");
            }
            Thread.onSpinWait();
        }
    }

    private void run() {
        try {
            daemon.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The state of the virtual server; empty before the first step of the engine. */
    Optional<VsState> server() {
        EngineState state = daemon.state();
        return state.config().virtualServers().stream().findFirst().flatMap(vs -> state.server(vs.id()));
    }

    /** The only service of the table, freshly read; empty before it was created. */
    Optional<ServiceState> service() {
        return daemon.table().services().values().stream().findFirst();
    }

    /** Stops the daemon as SIGTERM does, which empties the table first. */
    @Override
    public void close() throws IOException {
        daemon.requestStop();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        control.close();
        daemon.close();
    }
}
