package io.lvsd.snmp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Listen;
import io.lvsd.conf.model.SnmpConfig.Transport;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.snmp.SnmpObserver.Request;
import io.lvsd.snmp.mib.LvsMib;
import io.lvsd.snmp.mib.SnmpView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snmp4j.CommunityTarget;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.PDU;
import org.snmp4j.PDUv1;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.Target;
import org.snmp4j.TransportStateReference;
import org.snmp4j.UserTarget;
import org.snmp4j.mp.CounterSupport;
import org.snmp4j.mp.MPv1;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmTimeEntry;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TcpAddress;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultTcpTransportMapping;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** The agent beside a client of SNMP4J's, over loopback. */
final class SnmpAgentTest {
    private static final InetAddress ANY = IpAddresses.ofBytes(new byte[4]);
    private static final String LVS = LvsMib.BASE.toDottedString();
    private static final String SYSTEM = "1.3.6.1.2.1.1";

    @SuppressWarnings("NullAway.Init")
    private AgentFixture agent;

    @SuppressWarnings("NullAway.Init")
    private Snmp client;

    @SuppressWarnings("NullAway.Init")
    private USM usm;

    private int retries;
    /** Bytes of the longest message that was received over UDP. */
    private volatile int longest;

    @BeforeEach
    void start() throws IOException {
        agent = new AgentFixture().start();
        SecurityProtocols protocols = new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.maxCompatibility);
        CounterSupport counters = new CounterSupport();
        usm = new USM(protocols, new OctetString(MPv3.createLocalEngineID()), 1, counters);
        OctetString password = new OctetString(AgentFixture.PASSWORD);
        for (String user : List.of("reader", "writer", "stranger")) {
            usm.addUser(new UsmUser(new OctetString(user), AuthHMAC192SHA256.ID, password, PrivAES128.ID, password));
        }
        usm.addUser(new UsmUser(new OctetString("plain"), null, null, null, null));
        MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
        dispatcher.addMessageProcessingModel(new MPv1());
        dispatcher.addMessageProcessingModel(new MPv2c());
        dispatcher.addMessageProcessingModel(new MPv3(
                MPv3.createLocalEngineID(),
                null,
                protocols,
                SecurityModels.getCollection(new SecurityModel[] {usm}),
                counters));
        client = new Snmp(dispatcher, new DefaultUdpTransportMapping(new UdpAddress(AgentFixture.LOOPBACK, 0)) {
            @Override
            protected void fireProcessMessage(UdpAddress from, ByteBuffer message, TransportStateReference state) {
                longest = Math.max(longest, message.remaining());
                super.fireProcessMessage(from, message, state);
            }
        });
        client.addTransportMapping(new DefaultTcpTransportMapping());
        client.listen();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        agent.close();
    }

    private <A extends Address> @Nullable PDU send(PDU pdu, Target<A> target, int timeout) throws IOException {
        target.setTimeout(timeout);
        target.setRetries(retries);
        return client.send(pdu, target).getResponse();
    }

    private static PDU fill(PDU pdu, int type, String... oids) {
        pdu.setType(type);
        for (String oid : oids) {
            pdu.add(new VariableBinding(new OID(oid.startsWith(".") ? LVS + oid : oid)));
        }
        if (type == PDU.GETBULK) {
            pdu.setMaxRepetitions(5);
        }
        return pdu;
    }

    private @Nullable PDU request(int version, String community, PDU pdu) throws IOException {
        CommunityTarget<UdpAddress> target =
                new CommunityTarget<>(new UdpAddress(AgentFixture.LOOPBACK, agent.port), new OctetString(community));
        target.setVersion(version);
        return send(pdu, target, community.equals("public") && agent.view.isPresent() ? 5_000 : 300);
    }

    /** A request of v2c that must be answered. */
    private PDU ask(int type, String... oids) throws IOException {
        PDU response = request(SnmpConstants.version2c, "public", fill(new PDU(), type, oids));
        assertNotNull(response);
        return response;
    }

    private PDU asUser(String user, int level, PDU pdu) throws IOException {
        UserTarget<UdpAddress> target = new UserTarget<>(
                new UdpAddress(AgentFixture.LOOPBACK, agent.port), new OctetString(user), new byte[0], level);
        target.setVersion(SnmpConstants.version3);
        PDU response = send(pdu, target, 5_000);
        assertNotNull(response);
        return response;
    }

    private static List<String> values(PDU response) {
        List<String> values = new ArrayList<>();
        response.getVariableBindings().forEach(vb -> {
            String oid = vb.getOid().toDottedString();
            values.add((oid.startsWith(LVS) ? oid.substring(LVS.length()) : oid) + " " + vb.getVariable());
        });
        return values;
    }

    // ---- v1 and v2c

    @Test
    void aGetIsAnsweredAndWhatIsNotThereSaysSo() throws IOException {
        assertEquals(
                List.of(".1.0 1.2.1", ".4.0 900", ".99.0 noSuchObject", ".17.1.4.7 noSuchInstance"),
                values(ask(PDU.GET, ".1.0", ".4.0", ".99.0", ".17.1.4.7")));
    }

    @Test
    void aWalkVisitsEveryScalarInOrder() throws IOException {
        assertEquals(List.of(".1.0 1.2.1"), values(ask(PDU.GETNEXT, LVS)));
        assertEquals(List.of(".4.0 900", ".5.0 120", ".6.0 300", ".7.0 0", ".8.0 "), values(ask(PDU.GETBULK, ".3.0")));
    }

    @Test
    void theSystemGroupIdentifiesTheAgent() throws IOException {
        assertEquals(
                List.of(
                        SYSTEM + ".1.0 lvsd 1.0, Linux Virtual Server director",
                        SYSTEM + ".2.0 1.3.6.1.4.1.8225.4711",
                        SYSTEM + ".4.0 noc",
                        SYSTEM + ".5.0 director.example",
                        SYSTEM + ".6.0 rack 7"),
                values(ask(
                        PDU.GET, SYSTEM + ".1.0", SYSTEM + ".2.0", SYSTEM + ".4.0", SYSTEM + ".5.0", SYSTEM + ".6.0")));
    }

    @Test
    void theObserverSeesTheTypeOfEachRequest() throws IOException {
        for (int type : new int[] {PDU.GET, PDU.GETNEXT, PDU.GETBULK, PDU.SET}) {
            PDU response = ask(type, ".1.0");
            assertNotNull(response, "type " + type);
        }
        assertNull(request(SnmpConstants.version2c, "wrong", fill(new PDU(), PDU.GET, ".1.0")));
        assertEquals(
                List.of(Request.GET, Request.GETNEXT, Request.GETBULK, Request.SET, Request.UNAUTHORIZED),
                agent.requests);
        assertEquals(
                "1.3.6.1.2.1.11.4.0 1",
                values(ask(PDU.GET, "1.3.6.1.2.1.11.4.0")).getFirst(),
                "bad community names");
    }

    @Test
    void aRequestThatContinuesAWalkNeedsNoOtherView() throws IOException {
        assertEquals(5, ask(PDU.GETBULK, ".3.0").size());
        agent.view = Optional.empty();
        PDU pdu = fill(new PDU(), PDU.GETNEXT, ".8.0");
        PDU response = request(SnmpConstants.version2c, "public", pdu);
        assertNotNull(response);
        assertEquals(1, response.size());
        assertNull(request(SnmpConstants.version2c, "public", fill(new PDU(), PDU.GETNEXT, ".2.0")));
    }

    @Test
    void beforeThereIsAViewNothingIsAnswered() throws IOException {
        Optional<SnmpView> later = agent.view;
        agent.view = Optional.empty();
        assertNull(request(SnmpConstants.version2c, "public", fill(new PDU(), PDU.GET, ".1.0")));
        agent.view = later;
        assertEquals(1, ask(PDU.GET, ".1.0").size());
    }

    @Test
    void version1HasErrorsInsteadOfExceptions() throws IOException {
        PDU found = request(SnmpConstants.version1, "public", fill(new PDUv1(), PDU.GET, ".1.0"));
        assertNotNull(found);
        assertEquals(List.of(".1.0 1.2.1"), values(found));
        PDU missing = request(SnmpConstants.version1, "public", fill(new PDUv1(), PDU.GET, ".1.0", ".99.0"));
        assertNotNull(missing);
        assertEquals(List.of(PDU.noSuchName, 2), List.of(missing.getErrorStatus(), missing.getErrorIndex()));
        PDU end = request(SnmpConstants.version1, "public", fill(new PDUv1(), PDU.GETNEXT, "1.3.6.1.7"));
        assertNotNull(end);
        assertEquals(PDU.noSuchName, end.getErrorStatus());
    }

    @Test
    void aHugeGetBulkIsAnsweredWithOnePacket() throws IOException {
        PDU bulk = fill(new PDU(), PDU.GETBULK, SYSTEM, SYSTEM, LVS);
        bulk.setMaxRepetitions(Integer.MAX_VALUE);
        PDU response = request(SnmpConstants.version2c, "public", bulk);
        assertNotNull(response);
        assertTrue(longest > 1_300 && longest <= 1_472, "" + longest);
        PDU single = fill(new PDU(), PDU.GETBULK, SYSTEM, LVS);
        single.setNonRepeaters(Integer.MAX_VALUE);
        PDU two = request(SnmpConstants.version2c, "public", single);
        assertNotNull(two);
        assertEquals(2, two.size());
    }

    @Test
    void aHugeGetBulkOfVersion3IsAnsweredWithOnePacket() throws IOException {
        ScopedPDU bulk = new ScopedPDU();
        fill(bulk, PDU.GETBULK, SYSTEM, SYSTEM, LVS);
        bulk.setMaxRepetitions(Integer.MAX_VALUE);
        PDU response = asUser("reader", SecurityLevel.AUTH_PRIV, bulk);
        assertEquals(PDU.noError, response.getErrorStatus());
        assertTrue(longest > 1_200 && longest <= 1_472, "" + longest);
    }

    @Test
    void aGetWhoseResponseDoesNotFitIsAnError() throws IOException {
        String[] many = new String[400];
        Arrays.fill(many, SYSTEM + ".1.0");
        assertEquals(PDU.tooBig, ask(PDU.GET, many).getErrorStatus());
        assertTrue(agent.requests.contains(Request.TRUNCATED));
    }

    @Test
    void communitiesCannotSet() throws IOException {
        assertEquals(PDU.noAccess, ask(PDU.SET, ".1.0").getErrorStatus());
    }

    // ---- TCP

    private PDU overTcp() throws IOException {
        CommunityTarget<TcpAddress> target =
                new CommunityTarget<>(new TcpAddress(AgentFixture.LOOPBACK, agent.port), new OctetString("public"));
        target.setVersion(SnmpConstants.version2c);
        PDU response = send(fill(new PDU(), PDU.GET, ".1.0"), target, 5_000);
        assertNotNull(response);
        return response;
    }

    @Test
    void requestsThatFollowEachOtherOverTcpAreAllAnswered() throws IOException {
        PDU pdu = fill(new PDU(), PDU.GET, ".1.0");
        byte[] request = FuzzPackets.message(SnmpConstants.version2c, "public", pdu);
        try (Socket peer = new Socket(AgentFixture.LOOPBACK, agent.port)) {
            peer.setSoTimeout(5_000);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 2_000; i++) {
                all.write(request);
            }
            peer.getOutputStream().write(all.toByteArray());
            byte[] first = peer.getInputStream().readNBytes(2);
            int length = first[1] + 2;
            byte[] rest = peer.getInputStream().readNBytes(2_000 * length - 2);
            assertEquals(2_000 * length - 2, rest.length);
        }
        assertEquals(2_000, agent.requests.stream().filter(Request.GET::equals).count());
    }

    @Test
    void connectionsOfASourceAreLimited() throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                open.add(new Socket(AgentFixture.LOOPBACK, agent.port));
            }
            try (Socket further = new Socket(AgentFixture.LOOPBACK, agent.port)) {
                further.setSoTimeout(5_000);
                assertEquals(-1, further.getInputStream().read());
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void requestsOverTcpAreAnsweredAndGarbageClosesTheConnection() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(".1.0 1.2.1"), values(overTcp()));
        }
        for (byte[] garbage : List.of(
                new byte[] {1, 2, 3},
                new byte[] {0x30, (byte) 0x84, 0x7f, -1, -1, -1},
                new byte[] {0x30, (byte) 0x80},
                new byte[] {0x30, (byte) 0x89, 1, 1, 1})) {
            try (Socket peer = new Socket(AgentFixture.LOOPBACK, agent.port)) {
                peer.setSoTimeout(5_000);
                peer.getOutputStream().write(garbage);
                assertEquals(-1, peer.getInputStream().read());
            }
        }
        assertTrue(agent.requests.contains(Request.MALFORMED));
    }

    // ---- v3

    @Test
    void aUserReadsWithAuthenticationAndPrivacy() throws IOException {
        PDU response = asUser("reader", SecurityLevel.AUTH_PRIV, fill(new ScopedPDU(), PDU.GET, ".1.0"));
        assertEquals(List.of(".1.0 1.2.1"), values(response));
        PDU engine = asUser(
                "reader",
                SecurityLevel.AUTH_PRIV,
                fill(new ScopedPDU(), PDU.GET, "1.3.6.1.6.3.10.2.1.1.0", "1.3.6.1.6.3.10.2.1.2.0"));
        assertEquals(AgentFixture.ENGINE, engine.get(0).getVariable());
        assertEquals(7, engine.get(1).getVariable().toInt());
    }

    @Test
    void lessSecurityThanTheUserHasIsNoAccess() throws IOException {
        PDU response = asUser("reader", SecurityLevel.AUTH_NOPRIV, fill(new ScopedPDU(), PDU.GET, ".1.0"));
        assertEquals(PDU.authorizationError, response.getErrorStatus());
        PDU plain = asUser("reader", SecurityLevel.NOAUTH_NOPRIV, fill(new ScopedPDU(), PDU.GET, ".1.0"));
        assertEquals(PDU.authorizationError, plain.getErrorStatus());
    }

    @Test
    void aViewLimitsWhatAUserSees() throws IOException {
        PDU get = asUser("plain", SecurityLevel.NOAUTH_NOPRIV, fill(new ScopedPDU(), PDU.GET, ".1.0", SYSTEM + ".5.0"));
        assertEquals(List.of(".1.0 noSuchObject", SYSTEM + ".5.0 director.example"), values(get));
        PDU next = asUser("plain", SecurityLevel.NOAUTH_NOPRIV, fill(new ScopedPDU(), PDU.GETNEXT, "1.3"));
        assertEquals(List.of(SYSTEM + ".5.0 director.example"), values(next));
        PDU end = asUser("plain", SecurityLevel.NOAUTH_NOPRIV, fill(new ScopedPDU(), PDU.GETNEXT, SYSTEM + ".5.0"));
        assertEquals(List.of(SYSTEM + ".5.0 endOfMibView"), values(end));
    }

    @Test
    void anUnknownUserGetsAReport() throws IOException {
        PDU response = asUser("stranger", SecurityLevel.AUTH_PRIV, fill(new ScopedPDU(), PDU.GET, ".1.0"));
        assertEquals(PDU.REPORT, response.getType());
        assertEquals(SnmpConstants.usmStatsUnknownUserNames, response.get(0).getOid());
    }

    @Test
    void anotherEngineIsNeitherAcceptedNorRemembered() throws IOException {
        UserTarget<UdpAddress> target = new UserTarget<>(
                new UdpAddress(AgentFixture.LOOPBACK, agent.port),
                new OctetString("plain"),
                new byte[] {1, 2, 3, 4, 5},
                SecurityLevel.NOAUTH_NOPRIV);
        target.setVersion(SnmpConstants.version3);
        var _ = send(fill(new ScopedPDU(), PDU.GET, SYSTEM + ".5.0"), target, 1_000);
        assertEquals(Request.OTHER, agent.requests.getFirst(), "a report of an unknown engine");
    }

    @Test
    void anotherContextIsReported() throws IOException {
        ScopedPDU pdu = new ScopedPDU();
        pdu.setContextName(new OctetString("other"));
        PDU response = asUser("reader", SecurityLevel.AUTH_PRIV, fill(pdu, PDU.GET, ".1.0"));
        assertEquals(SnmpConstants.snmpUnknownContexts, response.get(0).getOid());
    }

    @Test
    void onlyAUserWithWriteMaySet() throws IOException {
        ScopedPDU set = new ScopedPDU();
        set.setType(PDU.SET);
        set.add(new VariableBinding(new OID(LVS + ".1.0"), new Integer32(1)));
        assertEquals(
                PDU.notWritable, asUser("writer", SecurityLevel.AUTH_PRIV, set).getErrorStatus());
        assertEquals(
                PDU.noAccess, asUser("reader", SecurityLevel.AUTH_PRIV, set).getErrorStatus());
        assertEquals(List.of(), agent.weights);
    }

    /** A manager refuses an engine whose time has decreased by more than 150 s (RFC 3414, section 3.2). */
    @Test
    void theTimeOfMessagesIsThatOfTheEngine() throws IOException {
        PDU response =
                asUser("reader", SecurityLevel.AUTH_PRIV, fill(new ScopedPDU(), PDU.GET, "1.3.6.1.6.3.10.2.1.3.0"));
        assertTrue(response.get(0).getVariable().toInt() >= AgentFixture.RUNNING.toSeconds(), response::toString);
        UsmTimeEntry received = usm.getTimeTable().getEntry(AgentFixture.ENGINE);
        assertTrue(received.getLatestReceivedTime() >= AgentFixture.RUNNING.toSeconds());
        assertEquals(7, received.getEngineBoots());
    }

    // ---- reload

    @Test
    void aReloadAppliesOtherCommunitiesAndKeepsThePort() throws IOException {
        reload(agent.config("secret", AgentFixture.LOOPBACK, List.of(), Optional.empty()));
        assertNull(request(SnmpConstants.version2c, "wrong", fill(new PDU(), PDU.GET, ".1.0")));
        retries = 5;
        PDU response = request(SnmpConstants.version2c, "secret", fill(new PDU(), PDU.GET, ".1.0"));
        assertNotNull(response);
        assertEquals(7, agent.boots.get(), "the engine was started once");
    }

    private void reload(SnmpConfig next) throws IOException {
        agent.service.prepare(Optional.of(next)).commit();
    }

    private void assertServed() throws IOException {
        retries = 5;
        assertEquals(List.of(".1.0 1.2.1"), values(ask(PDU.GET, ".1.0")));
        assertEquals(List.of(".1.0 1.2.1"), values(overTcp()));
    }

    @Test
    void aReloadMayChangeTheAddressOfAPort() throws IOException {
        assertServed();
        reload(agent.config("public", ANY, List.of(), Optional.empty()));
        assertServed();
        reload(agent.config());
        assertServed();
    }

    @Test
    void aReloadWithAPortThatIsInUseChangesNothing() throws IOException {
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(AgentFixture.LOOPBACK, 0))) {
            Listen used = new Listen(Transport.UDP, AgentFixture.LOOPBACK, other.getLocalPort());
            SnmpConfig next = agent.config("secret", ANY, List.of(used), Optional.empty());
            IOException refused = assertThrows(IOException.class, () -> reload(next));
            assertTrue(refused.toString().contains("127.0.0.1:" + other.getLocalPort()), refused::toString);
        }
        assertServed();
    }

    @Test
    void anEngineIsStartedForEachConfiguredId() throws IOException {
        SnmpConfig own = agent.config("public", AgentFixture.LOOPBACK, List.of(), Optional.of("80001f8804aa"));
        reload(own);
        assertEquals(8, agent.boots.get());
        agent.service.prepare(Optional.empty()).commit();
        reload(own);
        assertEquals(8, agent.boots.get(), "the same engine");
        agent.service.prepare(Optional.empty()).commit();
        reload(agent.config());
        assertEquals(9, agent.boots.get(), "not the engine of the id that was removed");
    }

    // ---- hostile input

    @Test
    void messagesThatAreNotAnsweredAreCounted() throws IOException {
        PDU discovery = asUser("stranger", SecurityLevel.AUTH_PRIV, fill(new ScopedPDU(), PDU.GET, ".1.0"));
        assertEquals(PDU.REPORT, discovery.getType());
        try (DatagramSocket peer = new DatagramSocket(new InetSocketAddress(AgentFixture.LOOPBACK, 0))) {
            InetSocketAddress to = new InetSocketAddress(AgentFixture.LOOPBACK, agent.port);
            // Nothing, no sequence, an unknown version, and no content.
            for (byte[] packet : List.of(
                    new byte[0], new byte[] {2, 1, 1}, new byte[] {0x30, 3, 2, 1, 9}, new byte[] {0x30, 3, 2, 1, 1})) {
                peer.send(new DatagramPacket(packet, packet.length, to));
            }
        }
        assertEquals(1, ask(PDU.GET, ".1.0").size());
        assertEquals(
                List.of(
                        Request.OTHER,
                        Request.UNAUTHORIZED,
                        Request.MALFORMED,
                        Request.MALFORMED,
                        Request.MALFORMED,
                        Request.MALFORMED,
                        Request.GET),
                agent.requests);
    }

    @Test
    void malformedAndHugeDatagramsEndNothing() throws IOException {
        Random random = new Random(20);
        try (DatagramSocket peer = new DatagramSocket(new InetSocketAddress(AgentFixture.LOOPBACK, 0))) {
            InetSocketAddress to = new InetSocketAddress(AgentFixture.LOOPBACK, agent.port);
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
        assertEquals(List.of(".1.0 1.2.1"), values(ask(PDU.GET, ".1.0")));
    }
}
