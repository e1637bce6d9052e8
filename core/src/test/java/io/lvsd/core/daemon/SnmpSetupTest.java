package io.lvsd.core.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.engine.Notification.QuorumChange;
import io.lvsd.core.engine.World;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpSource.Undo;
import io.lvsd.snmp.mib.SnmpView;
import io.lvsd.snmp.mib.SystemMib.Engine;
import io.lvsd.snmp.mib.SystemMib.Identity;
import io.lvsd.snmp.service.SnmpService;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.snmp4j.smi.OctetString;

/** Ports and passwords at start and reload: what cannot be used is refused, and changes nothing. */
final class SnmpSetupTest {
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

    private static final int QUIET_MILLIS = 300;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Notification.StateChange CHANGE = new Notification.QuorumState(
            World.config(World.vs("", World.rs("10.0.0.2:80", "")))
                    .virtualServers()
                    .getFirst(),
            QuorumChange.LOST,
            0,
            1);

    private final List<String> events = new ArrayList<>();
    private final SnmpService service = new SnmpService(
            new Identity("1", "host"),
            new NoViews(),
            _ -> new Engine(new OctetString("engine"), 1),
            _ -> {
                throw new IOException("snmp: cannot use '/x': no such file");
            },
            SnmpObserver.NONE);

    static final class NoViews implements SnmpService.Views {
        @Override
        public CompletableFuture<Optional<SnmpView>> view() {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public CompletableFuture<Optional<Undo>> setWeight(
                VsId virtualServer, RsId realServer, long weight, String user) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    private SnmpSetup setup(boolean dryRun) {
        Optional<DryRun> dry = dryRun ? Optional.of(new DryRun()) : Optional.empty();
        return new SnmpSetup(service, dry, "host", this::log);
    }

    private void log(DaemonEvent event) {
        events.add(event.name() + " " + event.fields());
    }

    @AfterEach
    void close() {
        service.close();
    }

    private static DaemonConfig config(String... lines) {
        return ConfigLoader.loadPlain("lvsd {\n snmp {\n" + String.join("\n", lines) + "\n }\n}\n")
                .config();
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOCAL, 0))) {
            return socket.getLocalPort();
        }
    }

    private static boolean isOpen(int port) throws IOException {
        try (DatagramSocket _ = new DatagramSocket(new InetSocketAddress(LOCAL, port))) {
            return false;
        } catch (BindException e) {
            return true;
        }
    }

    @Test
    void aReloadOpensAndClosesPortsAndKeepsTheOthers() throws IOException {
        int first = freePort();
        int second = freePort();
        SnmpSetup setup = setup(false);
        setup.prepare(config("listen udp:127.0.0.1:" + first, "community c")).commit();
        assertEquals(List.of("snmp.listening {address=udp:127.0.0.1:" + first + "}"), events);
        setup.prepare(config("listen udp:127.0.0.1:" + first, "listen tcp:127.0.0.1:" + second, "community d"))
                .commit();
        assertEquals("snmp.listening {address=tcp:127.0.0.1:" + second + "}", events.getLast());
        assertEquals(2, events.size());
        setup.prepare(DaemonConfig.EMPTY).commit();
        assertTrue(!isOpen(first));
    }

    @Test
    void aPortInUseIsRefusedWithItsRemedyAndTheOthersStayOpen() throws IOException {
        int port = freePort();
        SnmpSetup setup = setup(false);
        setup.prepare(config("listen udp:127.0.0.1:" + port, "community c")).commit();
        try (DatagramSocket used = new DatagramSocket(new InetSocketAddress(LOCAL, 0))) {
            int other = used.getLocalPort();
            IOException refused = assertThrows(
                    IOException.class, () -> setup.prepare(config("listen udp:127.0.0.1:" + other, "community c")));
            assertTrue(
                    String.valueOf(refused.getMessage())
                            .matches("snmp: cannot listen on udp:127.0.0.1:" + other + ": .*; stop the program that.*"),
                    refused::getMessage);
        }
        assertTrue(isOpen(port));
    }

    @Test
    void aPasswordThatCannotBeReadIsRefused() throws IOException {
        int port = freePort();
        IOException refused = assertThrows(
                IOException.class,
                () -> setup(false)
                        .prepare(config(
                                "listen udp:127.0.0.1:" + port,
                                "user u {",
                                "auth sha256 @/x",
                                "priv aes128 @/x",
                                "}")));
        assertEquals("snmp: cannot use '/x': no such file", refused.getMessage());
        assertTrue(!isOpen(port));
    }

    @Test
    void aDryRunContinuesWithoutAPortInUse() throws IOException {
        try (DatagramSocket used = new DatagramSocket(new InetSocketAddress(LOCAL, 0))) {
            setup(true)
                    .prepare(config("listen udp:127.0.0.1:" + used.getLocalPort(), "community c"))
                    .commit();
        }
        assertEquals(1, events.size());
        assertTrue(
                events.getFirst().startsWith("snmp.not_opened {reason=snmp: cannot listen on udp:127"),
                events::toString);
    }

    @Test
    void aDryRunSendsNothing() throws IOException {
        try (DatagramSocket receiver = new DatagramSocket(new InetSocketAddress(LOCAL, 0))) {
            DaemonConfig config = config("sink udp:127.0.0.1:" + receiver.getLocalPort() + " community c");
            SnmpSetup dryRun = setup(true);
            dryRun.prepare(config).commit();
            dryRun.notify(CHANGE);
            assertFalse(receives(receiver, QUIET_MILLIS));
            SnmpSetup real = setup(false);
            real.prepare(config).commit();
            real.notify(CHANGE);
            assertTrue(receives(receiver, PATIENCE_MILLIS), "the same configuration sends");
        }
        assertEquals(List.of(), events);
    }

    private static boolean receives(DatagramSocket receiver, int millis) throws IOException {
        receiver.setSoTimeout(millis);
        try {
            receiver.receive(new DatagramPacket(new byte[1500], 1500));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
