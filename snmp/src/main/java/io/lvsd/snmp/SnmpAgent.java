package io.lvsd.snmp;

import io.lvsd.conf.model.LvsdConfig.Community;
import io.lvsd.conf.model.LvsdConfig.SnmpConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.agent.CommandProcessor;
import org.snmp4j.agent.DefaultMOServer;
import org.snmp4j.agent.DuplicateRegistrationException;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.MPv3;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.Variable;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** Serves LVS-MIB over SNMPv2c, read only. Requests are handled one after the other on SNMP4J's own thread. */
public final class SnmpAgent implements AutoCloseable, CommandResponder {
    private static final Logger LOG = LoggerFactory.getLogger(SnmpAgent.class);

    private final SnmpConfig config;
    private final Supplier<LvsView> views;
    private final LvsMib mib = new LvsMib();
    private final WalkPins pins = new WalkPins();
    private final CommandProcessor processor = new CommandProcessor(new OctetString(MPv3.createLocalEngineID()));
    private final Snmp session;

    private SnmpAgent(SnmpConfig config, Supplier<LvsView> views, Snmp session) {
        this.config = config;
        this.views = views;
        this.session = session;
    }

    /**
     * Opens the port and answers until closed.
     *
     * @param views asked for the present view, on the agent's thread; must not block
     * @throws IOException if the port cannot be opened
     */
    public static SnmpAgent start(SnmpConfig config, Supplier<LvsView> views) throws IOException {
        MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
        dispatcher.addMessageProcessingModel(new MPv2c());
        DefaultUdpTransportMapping transport =
                new DefaultUdpTransportMapping(new UdpAddress(config.address(), config.port()), true);
        Snmp session = new Snmp(dispatcher, transport);
        SnmpAgent agent = new SnmpAgent(config, views, session);
        DefaultMOServer server = new DefaultMOServer();
        try {
            server.register(agent.mib, null);
        } catch (DuplicateRegistrationException e) {
            throw new IllegalStateException(e);
        }
        agent.processor.addMOServer(server);
        session.addCommandResponder(agent);
        session.listen();
        return agent;
    }

    @Override
    public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
        PDU pdu = event.getPDU();
        if (pdu == null || pdu.size() == 0 || !allowed(event)) {
            event.setProcessed(true);
            return;
        }
        try {
            mib.use(instances(event, pdu));
            processor.processPdu(event);
        } catch (RuntimeException e) {
            LOG.error("event=snmp.failed", e);
        }
    }

    private NavigableMap<OID, Variable> instances(CommandResponderEvent<?> event, PDU pdu) {
        Supplier<NavigableMap<OID, Variable>> fresh = () -> LvsTables.of(views.get());
        boolean walk = pdu.getType() == PDU.GETNEXT || pdu.getType() == PDU.GETBULK;
        return walk ? pins.walk(event.getPeerAddress(), pdu.get(0).getOid(), System.nanoTime(), fresh) : fresh.get();
    }

    private boolean allowed(CommandResponderEvent<?> event) {
        String community = new String(event.getSecurityName(), StandardCharsets.UTF_8);
        InetAddress peer = event.getPeerAddress() instanceof UdpAddress udp ? udp.getInetAddress() : null;
        return peer != null
                && config.communities().stream().anyMatch(c -> c.name().equals(community) && contains(c, peer));
    }

    /** Whether a peer is within a community's network. */
    static boolean contains(Community community, InetAddress peer) {
        byte[] network = community.network().getAddress();
        byte[] address = peer.getAddress();
        if (network.length != address.length) {
            return peer.isLoopbackAddress() && community.network().isLoopbackAddress();
        }
        for (int bit = 0; bit < community.prefix(); bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((network[bit >> 3] ^ address[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (IOException e) {
            LOG.debug("snmp", e);
        }
    }
}
