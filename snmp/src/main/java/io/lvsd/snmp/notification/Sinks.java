package io.lvsd.snmp.notification;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Sink;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.agent.Security;
import io.lvsd.snmp.mib.StateNotifications.Content;
import io.lvsd.snmp.mib.SystemMib;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final List<SinkQueue> queues = new CopyOnWriteArrayList<>();
    /** Those of {@link #queues} that another object has adopted, and that are not closed with this one. */
    private final Set<SinkQueue> adopted = ConcurrentHashMap.newKeySet();

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
            queues.add(new SinkQueue(sink, new SinkQueue.Route(target(config, sink, engineId), session), observer));
        }
    }

    /** Takes over the queues of receivers that both have, with the notifications that wait in them. Before the first {@link #send}. */
    public void adopt(Sinks former) {
        for (int i = 0; i < queues.size(); i++) {
            SinkQueue fresh = queues.get(i);
            for (SinkQueue known : former.queues) {
                if (known.sink().equals(fresh.sink()) && former.adopted.add(known)) {
                    known.reroute(fresh.route());
                    fresh.shutdown();
                    queues.set(i, known);
                }
            }
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

    /** Gives queued notifications a bounded time: 4 s, or 10 s for an inform to a receiver whose queue was adopted. */
    @Override
    public void close() {
        long end = System.nanoTime() + SinkQueue.CLOSE_NANOS;
        List<SinkQueue> own =
                queues.stream().filter(queue -> !adopted.contains(queue)).toList();
        own.forEach(SinkQueue::shutdown);
        own.forEach(queue -> queue.await(end));
        adopted.forEach(SinkQueue::awaitDelivery);
        try {
            session.close();
        } catch (IOException e) {
            LOG.debug("snmp", e);
        }
    }
}
