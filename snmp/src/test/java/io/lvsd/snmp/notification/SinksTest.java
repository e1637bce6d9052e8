package io.lvsd.snmp.notification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Auth;
import io.lvsd.conf.model.SnmpConfig.AuthProtocol;
import io.lvsd.conf.model.SnmpConfig.Identity;
import io.lvsd.conf.model.SnmpConfig.Priv;
import io.lvsd.conf.model.SnmpConfig.PrivProtocol;
import io.lvsd.conf.model.SnmpConfig.Secret;
import io.lvsd.conf.model.SnmpConfig.Sink;
import io.lvsd.conf.model.SnmpConfig.SystemGroup;
import io.lvsd.conf.model.SnmpConfig.User;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.agent.Counters;
import io.lvsd.snmp.agent.Security;
import io.lvsd.snmp.mib.StateNotifications.Content;
import io.lvsd.snmp.mib.SystemMib.Engine;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageException;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** Notifications to receivers of SNMP4J's. */
final class SinksTest {
    private static final InetAddress LOOPBACK = IpAddresses.ofBytes(new byte[] {127, 0, 0, 1});
    private static final OctetString ENGINE = OctetString.fromHexString("80:00:1f:88:04:6c:76:73:64");
    private static final Secret PASSWORD = new Secret.Written("correct horse");
    private static final User USER = new User(
            "trapper",
            Optional.of(new Auth(AuthProtocol.SHA512, PASSWORD)),
            Optional.of(new Priv(PrivProtocol.AES256, PASSWORD)),
            List.of(),
            List.of(),
            false);

    private final List<SnmpObserver.Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final List<Snmp> receivers = new ArrayList<>();
    private final SnmpObserver observer = new SnmpObserver() {
        @Override
        public void request(Request type) {}

        @Override
        public void notification(Delivery outcome) {
            deliveries.add(outcome);
        }
    };
    private int closedPort;

    /** A receiver, which has its own engine. */
    private final class Receiver implements CommandResponder {
        final int port;
        final List<String> received = new CopyOnWriteArrayList<>();
        /** Informs that are not acknowledged, as if they were lost. */
        final AtomicInteger lost = new AtomicInteger();

        Receiver() throws IOException {
            this(LOOPBACK);
        }

        Receiver(InetAddress address) throws IOException {
            DefaultUdpTransportMapping transport = new DefaultUdpTransportMapping(new UdpAddress(address, 0));
            OctetString own = OctetString.fromHexString("80:00:1f:88:04:72:65:63:76");
            Snmp snmp = new Snmp(
                    new Security(config(List.of()), new Engine(own, 1), new Counters(), _ -> "").forNotifications(),
                    transport);
            snmp.addCommandResponder(this);
            snmp.listen();
            receivers.add(snmp);
            port = transport.getListenAddress().getPort();
        }

        @Override
        public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
            PDU pdu = event.getPDU();
            event.setProcessed(true);
            if (pdu.getType() == PDU.INFORM && lost.getAndDecrement() > 0) {
                return;
            }
            received.add(PDU.getTypeString(pdu.getType()) + " " + pdu.getVariableBindings());
            if (pdu.getType() == PDU.INFORM) {
                PDU response = (PDU) pdu.clone();
                response.setType(PDU.RESPONSE);
                try {
                    int _ = event.getMessageDispatcher()
                            .returnResponsePdu(
                                    event.getMessageProcessingModel(),
                                    event.getSecurityModel(),
                                    event.getSecurityName(),
                                    event.getSecurityLevel(),
                                    response,
                                    event.getMaxSizeResponsePDU(),
                                    event.getStateReference(),
                                    new StatusInformation());
                } catch (MessageException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        void await(int count) throws InterruptedException {
            long end = System.nanoTime() + 30_000_000_000L;
            while (received.size() < count && System.nanoTime() - end < 0) {
                Thread.sleep(10);
            }
            assertEquals(count, received.size(), received::toString);
        }
    }

    private static SnmpConfig config(List<Sink> sinks) {
        return new SnmpConfig(
                List.of(),
                List.of(),
                List.of(USER),
                Optional.empty(),
                sinks,
                false,
                SnmpConfig.INTERVAL,
                SnmpConfig.RATE_LIMIT,
                SystemGroup.EMPTY,
                Optional.empty());
    }

    private Sinks sinks(Sink... all) throws IOException {
        SnmpConfig config = config(List.of(all));
        Security security = new Security(config, new Engine(ENGINE, 3), new Counters(), _ -> "");
        return new Sinks(config, security, ENGINE, observer);
    }

    private static Content content(int number) {
        return new Content(
                new OID("1.3.6.1.9.0." + number),
                List.of(new VariableBinding(new OID("1.3.6.1.9.1.0"), new Integer32(number))));
    }

    private static String expected(String type, int number) {
        return type + " [1.3.6.1.2.1.1.3.0 = 0:00:0" + number + ".00, 1.3.6.1.6.3.1.1.4.1.0 = 1.3.6.1.9.0." + number
                + ", 1.3.6.1.9.1.0 = " + number + "]";
    }

    private static List<String> expected(String type) {
        return IntStream.rangeClosed(1, 5).mapToObj(n -> expected(type, n)).toList();
    }

    private static void send(Sinks sinks) {
        for (int i = 1; i <= 5; i++) {
            sinks.send(content(i), new TimeTicks(100L * i));
        }
    }

    @BeforeEach
    void unused() throws IOException {
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            closedPort = free.getLocalPort();
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Snmp receiver : receivers) {
            receiver.close();
        }
    }

    @Test
    void everyReceiverGetsAllInOrder() throws Exception {
        Receiver v2 = new Receiver();
        Receiver informs = new Receiver();
        Receiver v3 = new Receiver();
        Receiver v3Informs = new Receiver();
        try (Sinks sinks = sinks(
                new Sink("127.0.0.1", closedPort, new Identity.InCommunity("public"), true),
                new Sink("127.0.0.1", v2.port, new Identity.InCommunity("public"), false),
                new Sink("127.0.0.1", informs.port, new Identity.InCommunity("public"), true),
                new Sink("localhost", v3.port, new Identity.AsUser("trapper"), false),
                new Sink("127.0.0.1", v3Informs.port, new Identity.AsUser("trapper"), true))) {
            send(sinks);
            v2.await(5);
            informs.await(5);
            v3.await(5);
            v3Informs.await(5);
        }
        assertEquals(expected("TRAP"), v2.received);
        assertEquals(expected("INFORM"), informs.received);
        assertEquals(expected("TRAP"), v3.received);
        assertEquals(expected("INFORM"), v3Informs.received);
    }

    @Test
    void anInformIsRepeatedUntilItIsAcknowledged() throws Exception {
        Receiver receiver = new Receiver();
        receiver.lost.set(1);
        try (Sinks sinks = sinks(new Sink("127.0.0.1", receiver.port, new Identity.InCommunity("public"), true))) {
            send(sinks);
            receiver.await(5);
        }
        assertEquals(expected("INFORM"), receiver.received);
        assertEquals(
                5,
                deliveries.stream()
                        .filter(d -> d == SnmpObserver.Delivery.ACKNOWLEDGED)
                        .count());
    }

    @Test
    void aReceiverMayHaveAnAddressOfIpv6() throws Exception {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        Receiver receiver = new Receiver(IpAddresses.ofBytes(loopback));
        try (Sinks sinks = sinks(new Sink("::1", receiver.port, new Identity.AsUser("trapper"), true))) {
            send(sinks);
            receiver.await(5);
        }
        assertEquals(expected("INFORM"), receiver.received);
    }

    /** As at a reload: one inform is under way, others wait. */
    @Test
    void anotherConfigurationWithTheSameReceiverContinuesItsQueue() throws Exception {
        Receiver receiver = new Receiver();
        receiver.lost.set(1);
        Sink sink = new Sink("127.0.0.1", receiver.port, new Identity.InCommunity("public"), true);
        Sinks former = sinks(sink);
        try (Sinks next = sinks(sink)) {
            send(former);
            next.adopt(former);
            former.close();
            next.send(content(6), new TimeTicks(600));
            receiver.await(6);
        }
        assertEquals(
                IntStream.rangeClosed(1, 6).mapToObj(n -> expected("INFORM", n)).toList(), receiver.received);
        assertFalse(deliveries.contains(SnmpObserver.Delivery.DROPPED), deliveries::toString);
        assertFalse(deliveries.contains(SnmpObserver.Delivery.FAILED), deliveries::toString);
    }

    @Test
    void aReceiverThatCannotBeResolvedIsCounted() throws Exception {
        try (Sinks sinks = sinks(new Sink("no-such-host.invalid", 162, new Identity.InCommunity("public"), false))) {
            send(sinks);
        }
        assertTrue(deliveries.contains(SnmpObserver.Delivery.FAILED), deliveries::toString);
    }
}
