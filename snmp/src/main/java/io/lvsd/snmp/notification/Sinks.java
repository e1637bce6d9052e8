package io.lvsd.snmp.notification;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Sink;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.agent.Security;
import io.lvsd.snmp.mib.StateNotifications.Content;
import io.lvsd.snmp.mib.SystemMib;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.VariableBinding;

/**
 * Sends notifications to every configured receiver. Each receiver has a queue and a thread of its own, so that one that does not answer
 * delays no other, and receives notifications in their order. Thread-safe.
 */
public final class Sinks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sinks.class);

    private final Snmp session;
    private final List<SinkQueue> queues = new ArrayList<>();

    /**
     * Opens a port for outgoing messages.
     *
     * @param security with the users of the same configuration
     * @param engineId of the messages that are not acknowledged
     * @throws IOException if no port can be opened
     */
    public Sinks(SnmpConfig config, Security security, OctetString engineId, SnmpObserver observer) throws IOException {
        SinkTransport transport = new SinkTransport();
        this.session = new Snmp(security.forNotifications(), transport);
        session.listen();
        for (Sink sink : config.sinks()) {
            queues.add(new SinkQueue(sink, target(config, sink, engineId), session, observer));
        }
    }

    private static SinkTarget target(SnmpConfig config, Sink sink, OctetString engineId) {
        return switch (sink.identity()) {
            case SnmpConfig.Identity.InCommunity(var name) -> SinkTarget.ofCommunity(name);
            case SnmpConfig.Identity.AsUser(var name) ->
                SinkTarget.ofUser(
                        config.users().stream()
                                .filter(u -> u.name().equals(name))
                                .findFirst()
                                .orElseThrow(),
                        sink.inform() ? new OctetString() : engineId);
        };
    }

    /**
     * Sends a notification to every receiver, soon.
     *
     * @param upTime when it happened
     */
    public void send(Content content, TimeTicks upTime) {
        queues.forEach(queue -> queue.add(content, upTime));
    }

    /** The message of a notification. */
    static PDU pdu(Content content, TimeTicks upTime, Sink sink) {
        boolean v3 = sink.identity() instanceof SnmpConfig.Identity.AsUser;
        PDU pdu = v3 ? new ScopedPDU() : new PDU();
        pdu.setType(sink.inform() ? PDU.INFORM : PDU.TRAP);
        pdu.add(new VariableBinding(SystemMib.UP_TIME, upTime));
        pdu.add(new VariableBinding(SystemMib.TRAP_OID, content.id()));
        pdu.addAll(content.bindings());
        return pdu;
    }

    /** Gives queued notifications a bounded time. */
    @Override
    public void close() {
        long end = System.nanoTime() + SinkQueue.CLOSE_NANOS;
        queues.forEach(SinkQueue::shutdown);
        queues.forEach(queue -> queue.await(end));
        try {
            session.close();
        } catch (IOException e) {
            LOG.debug("snmp", e);
        }
    }
}
