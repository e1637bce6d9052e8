package io.lvsd.snmp.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.TransportStateReference;
import org.snmp4j.UserTarget;
import org.snmp4j.mp.CounterSupport;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** Sends requests of SNMPv3 to an agent, as several users, and records the messages. */
final class FuzzUsers implements AutoCloseable {
    private static final InetAddress LOOPBACK = AgentFixture.LOOPBACK;

    private final Random random;
    private final int port;
    private final AtomicLong sent;
    private final List<byte[]> recorded = new CopyOnWriteArrayList<>();
    private final Snmp client;

    /**
     * @param port of the agent
     * @param sent counts the messages
     */
    FuzzUsers(Random random, int port, AtomicLong sent) throws IOException {
        this.random = random;
        this.port = port;
        this.sent = sent;
        this.client = client();
    }

    /** The messages of the last recording. */
    List<byte[]> recorded() {
        return recorded;
    }

    private Snmp client() throws IOException {
        SecurityProtocols protocols = new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.maxCompatibility);
        CounterSupport counters = new CounterSupport();
        USM usm = new USM(protocols, new OctetString(MPv3.createLocalEngineID()), 1, counters);
        OctetString password = new OctetString(AgentFixture.PASSWORD);
        for (String user : List.of("reader", "writer", "stranger")) {
            usm.addUser(new UsmUser(new OctetString(user), AuthHMAC192SHA256.ID, password, PrivAES128.ID, password));
        }
        usm.addUser(new UsmUser(new OctetString("plain"), null, null, null, null));
        MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
        dispatcher.addMessageProcessingModel(new MPv3(
                MPv3.createLocalEngineID(),
                null,
                protocols,
                SecurityModels.getCollection(new SecurityModel[] {usm}),
                counters));
        Snmp snmp = new Snmp(dispatcher, new DefaultUdpTransportMapping(new UdpAddress(LOOPBACK, 0)) {
            @Override
            public void sendMessage(
                    UdpAddress to, byte[] message, TransportStateReference state, long timeout, int retries)
                    throws IOException {
                recorded.add(message.clone());
                sent.incrementAndGet();
                super.sendMessage(to, message, state, timeout, retries);
            }
        });
        snmp.listen();
        return snmp;
    }

    /**
     * Sends requests, and replaces the recorded messages by these, whose time is valid.
     *
     * @throws IllegalStateException if a user does not get the response that it should
     */
    void record() throws IOException {
        recorded.clear();
        for (String user : List.of("reader", "writer", "stranger", "plain")) {
            for (int type : new int[] {PDU.GET, PDU.GETNEXT, PDU.GETBULK, PDU.SET}) {
                ScopedPDU pdu = new ScopedPDU();
                pdu.setType(type);
                pdu.add(new VariableBinding(
                        new OID("1.3.6.1.4.1.9586.100.5.3.4.1.7.1.1"), new Integer32(random.nextInt(5))));
                pdu.add(new VariableBinding(new OID("1.3.6.1.2.1.1.5.0"), new OctetString("x")));
                if (type == PDU.GETBULK) {
                    pdu.setMaxRepetitions(20);
                }
                UserTarget<UdpAddress> target = new UserTarget<>(
                        new UdpAddress(LOOPBACK, port),
                        new OctetString(user),
                        new byte[0],
                        user.equals("plain") ? SecurityLevel.NOAUTH_NOPRIV : SecurityLevel.AUTH_PRIV);
                target.setVersion(SnmpConstants.version3);
                target.setTimeout(5_000);
                target.setRetries(2);
                PDU response = client.send(pdu, target).getResponse();
                int expected = user.equals("stranger") ? PDU.REPORT : PDU.RESPONSE;
                if (response == null || response.getType() != expected) {
                    throw new IllegalStateException(user + " received " + response);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
