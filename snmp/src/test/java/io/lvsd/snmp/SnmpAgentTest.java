package io.lvsd.snmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.LvsdConfig.SnmpConfig;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.Community;
import io.lvsd.ipvs.MemoryIpvs;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snmp4j.CommunityTarget;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** The agent beside a client of SNMP4J's, over loopback. */
final class SnmpAgentTest {
    private static final InetAddress LOOPBACK = IpAddresses.ofBytes(new byte[] {127, 0, 0, 1});

    @SuppressWarnings("NullAway.Init")
    private SnmpAgent agent;

    @SuppressWarnings("NullAway.Init")
    private Snmp client;

    private int port;
    private int retries;
    private volatile Optional<LvsView> view = Optional.of(new LvsView(new MemoryIpvs().read(), Map.of(), Map.of()));

    private final List<String> observed = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            port = free.getLocalPort();
        }
        SnmpConfig config = new SnmpConfig(LOOPBACK, port, List.of(new Community("public", LOOPBACK, 8)));
        agent = SnmpAgent.start(config, () -> view, observed::add);
        client = new Snmp(new DefaultUdpTransportMapping(new UdpAddress(LOOPBACK, 0)));
        client.listen();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        agent.close();
    }

    private PDU ask(int type, String community, String... suffixes) throws IOException {
        PDU pdu = new PDU();
        pdu.setType(type);
        for (String suffix : suffixes) {
            pdu.add(new VariableBinding(new OID(LvsTables.BASE.toDottedString() + suffix)));
        }
        if (type == PDU.GETBULK) {
            pdu.setMaxRepetitions(5);
        }
        CommunityTarget<UdpAddress> target =
                new CommunityTarget<>(new UdpAddress(LOOPBACK, port), new OctetString(community));
        target.setVersion(SnmpConstants.version2c);
        target.setTimeout(community.equals("public") && view.isPresent() ? 5_000 : 300);
        target.setRetries(retries);
        return client.send(pdu, target).getResponse();
    }

    private static List<String> values(PDU response) {
        List<String> values = new ArrayList<>();
        response.getVariableBindings()
                .forEach(vb -> values.add(vb.getOid()
                                .toDottedString()
                                .substring(LvsTables.BASE.toDottedString().length())
                        + " " + vb.getVariable()));
        return values;
    }

    @Test
    void aGetIsAnsweredAndWhatIsNotThereSaysSo() throws IOException {
        assertEquals(
                List.of(".1.0 1.2.1", ".4.0 900", ".99.0 noSuchObject", ".17.1.4.7 noSuchObject"),
                values(ask(PDU.GET, "public", ".1.0", ".4.0", ".99.0", ".17.1.4.7")));
    }

    @Test
    void theObserverSeesTheTypeOfEachRequest() throws IOException {
        for (int type : new int[] {PDU.GET, PDU.GETNEXT, PDU.GETBULK, PDU.SET}) {
            PDU response = ask(type, "public", ".1.0");
            assertTrue(response != null, "type " + type);
        }
        assertNull(ask(PDU.GET, "wrong", ".1.0"));
        assertEquals(List.of("get", "getnext", "getbulk", "other", "unauthorized"), observed);
    }

    @Test
    void aWalkVisitsEveryScalarInOrder() throws IOException {
        assertEquals(List.of(".1.0 1.2.1"), values(ask(PDU.GETNEXT, "public", "")));
        assertEquals(
                List.of(".4.0 900", ".5.0 120", ".6.0 300", ".7.0 0", ".8.0 "),
                values(ask(PDU.GETBULK, "public", ".3.0")));
    }

    @Test
    void beforeThereIsAViewNothingIsAnswered() throws IOException {
        Optional<LvsView> later = view;
        view = Optional.empty();
        assertNull(ask(PDU.GET, "public", ".1.0"));
        view = later;
        assertEquals(1, ask(PDU.GET, "public", ".1.0").size());
    }

    @Test
    void anUnknownCommunityGetsNoAnswer() throws IOException {
        assertNull(ask(PDU.GET, "wrong", ".1.0"));
    }

    @Test
    void nothingCanBeSet() throws IOException {
        assertEquals(PDU.authorizationError, ask(PDU.SET, "public", ".1.0").getErrorStatus());
    }

    @Test
    void malformedAndHugeDatagramsEndNothing() throws IOException {
        Random random = new Random(20);
        try (DatagramSocket peer = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            InetSocketAddress to = new InetSocketAddress(LOOPBACK, port);
            for (int i = 0; i < 200; i++) {
                byte[] garbage = new byte[i % 20 == 0 ? 65_507 : random.nextInt(1_500)];
                random.nextBytes(garbage);
                peer.send(new DatagramPacket(garbage, garbage.length, to));
            }
            // A sequence that claims 2 GiB, one without an end, and nested ones.
            byte[] claims = {0x30, (byte) 0x84, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 2, 1, 1};
            byte[] endless = {0x30, (byte) 0x80, 2, 1, 1, 4, (byte) 0x84, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
            byte[] nested = new byte[65_000];
            Arrays.fill(nested, (byte) 0x30);
            for (byte[] packet : List.of(claims, endless, nested)) {
                peer.send(new DatagramPacket(packet, packet.length, to));
            }
        }
        // While the receive buffer of the agent is full, the kernel drops further datagrams.
        retries = 5;
        assertEquals(List.of(".1.0 1.2.1"), values(ask(PDU.GET, "public", ".1.0")));
    }
}
