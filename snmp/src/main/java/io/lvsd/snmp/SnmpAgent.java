package io.lvsd.snmp;

import io.lvsd.conf.model.LvsdConfig.SnmpConfig;
import io.lvsd.conf.source.IoReason;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

    private final Supplier<Optional<LvsView>> views;
    private final LvsMib mib = new LvsMib();
    private final WalkSnapshots pins = new WalkSnapshots();
    private final CommandProcessor processor;
    private final ReadOnlyAccess access;
    private final Snmp session;
    private final Consumer<String> observer;

    // used by SNMP4J's thread
    private @Nullable LvsView built;
    private NavigableMap<OID, Variable> instances = new TreeMap<>();

    private SnmpAgent(SnmpConfig config, Supplier<Optional<LvsView>> views, Snmp session, Consumer<String> observer) {
        this.observer = observer;
        OctetString engineId = new OctetString(MPv3.createLocalEngineID());
        this.processor = new CommandProcessor(engineId);
        this.access = new ReadOnlyAccess(config.communities(), engineId);
        this.views = views;
        this.session = session;
    }

    /**
     * Opens the port and serves requests until closed.
     *
     * @param views called for the current view, on the agent's thread; must not block; while there is none, requests are not
     *     answered; the same object as long as nothing has changed, as its instances are built once
     * @param observer receives the type of each request: {@code get}, {@code getnext}, {@code getbulk}, {@code other}, or
     *     {@code unauthorized} if community and network do not allow it; on the agent's thread, must not block
     * @throws IOException if the port cannot be opened
     */
    public static SnmpAgent start(SnmpConfig config, Supplier<Optional<LvsView>> views, Consumer<String> observer)
            throws IOException {
        MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
        dispatcher.addMessageProcessingModel(new MPv2c());
        UdpAddress listen = new UdpAddress(config.address(), config.port());
        DefaultUdpTransportMapping transport = open(listen);
        Snmp session = new Snmp(dispatcher, transport);
        SnmpAgent agent = new SnmpAgent(config, views, session, observer);
        DefaultMOServer server = new DefaultMOServer();
        server.addContext(new OctetString());
        try {
            server.register(agent.mib, null);
        } catch (DuplicateRegistrationException e) {
            throw new IllegalStateException(e);
        }
        agent.processor.addMOServer(server);
        agent.processor.setVacm(agent.access);
        agent.processor.setCoexistenceProvider(agent.access);
        session.addCommandResponder(agent);
        session.listen();
        return agent;
    }

    private static DefaultUdpTransportMapping open(UdpAddress listen) throws IOException {
        try {
            return new DefaultUdpTransportMapping(listen);
        } catch (IOException e) {
            throw new IOException(
                    "snmp: cannot listen on udp:" + listen.toString().replace('/', ':') + ": " + IoReason.of(e), e);
        }
    }

    @Override
    public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
        PDU pdu = event.getPDU();
        observer.accept(type(event));
        Optional<LvsView> view = views.get();
        if (pdu == null || pdu.size() == 0 || view.isEmpty()) {
            event.setProcessed(true);
            return;
        }
        try {
            mib.use(instances(event, pdu, view.get()));
            processor.processPdu(event);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("snmp.failed");
        }
    }

    private String type(CommandResponderEvent<?> event) {
        OctetString community = new OctetString(event.getSecurityName());
        if (!access.allows(community, event.getPeerAddress())) {
            return "unauthorized";
        }
        return switch (event.getPDU() == null ? PDU.REPORT : event.getPDU().getType()) {
            case PDU.GET -> "get";
            case PDU.GETNEXT -> "getnext";
            case PDU.GETBULK -> "getbulk";
            default -> "other";
        };
    }

    private NavigableMap<OID, Variable> instances(CommandResponderEvent<?> event, PDU pdu, LvsView view) {
        Supplier<NavigableMap<OID, Variable>> fresh = () -> instances(view);
        boolean walk = pdu.getType() == PDU.GETNEXT || pdu.getType() == PDU.GETBULK;
        return walk ? pins.walk(event.getPeerAddress(), pdu.get(0).getOid(), System.nanoTime(), fresh) : fresh.get();
    }

    /** Every instance of a view: built when the first request needs it, and used as long as the view stays the same. */
    @SuppressWarnings("ReferenceEquality")
    private NavigableMap<OID, Variable> instances(LvsView view) {
        if (view != built) {
            instances = LvsTables.of(view);
            built = view;
        }
        return instances;
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
