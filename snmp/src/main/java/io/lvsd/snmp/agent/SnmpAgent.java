package io.lvsd.snmp.agent;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpObserver.Request;
import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.Walks;
import io.lvsd.snmp.agent.AccessControl.Rights;
import io.lvsd.snmp.mib.MibTree;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.CommandResponder;
import org.snmp4j.CommandResponderEvent;
import org.snmp4j.MessageDispatcher;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.MessageException;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.event.AuthenticationFailureEvent;
import org.snmp4j.event.AuthenticationFailureListener;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.smi.Address;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.TransportIpAddress;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;

/**
 * Answers requests of SNMPv1, v2c and v3 under one configuration. A request is authorized before anything else happens. Requests are answered one after the
 * other on the threads of the transports.
 */
final class SnmpAgent implements CommandResponder, AuthenticationFailureListener {
    private static final Logger LOG = LoggerFactory.getLogger(SnmpAgent.class);
    private static final Duration READING = Duration.ofMillis(800);
    /** The payload of an Ethernet frame, less the headers of IPv4 or IPv6, and UDP. */
    private static final int UDP_IPV4 = 1_472;

    private static final long DEFECT_INTERVAL = Duration.ofMinutes(1).toNanos();
    private static final int UDP_IPV6 = 1_452;
    private static final int TCP = 16_384;
    /** Context engine id, context name, and the sequence around them and the PDU of v3 (RFC 3412, section 6). */
    private static final int SCOPE = 4 + 34 + 2;
    /**
     * What is around the PDU in a message of v3, at most: the sequence, version and global data; engine id, boots, time, user,
     * authentication and privacy of RFC 3414, with an engine id of 32 and a user of 32 bytes and SHA-512, in a sequence in a string;
     * the encrypted scope.
     */
    private static final int V3_HEADER = 4 + 3 + MPv3.MAX_HEADER_LENGTH + 8 + 34 + 6 + 6 + 34 + 50 + 10 + 4 + SCOPE;
    /** Version and community around a PDU of v1 or v2c, without the community. */
    private static final int COMMUNITY_HEADER = 16;

    private final SnmpSource source;
    private final SnmpObserver observer;
    private final AccessControl access;
    private final Counters counters;
    private final RequestFilter filter;
    private final MessageDispatcher dispatcher;
    private final AtomicLong lastDefect = new AtomicLong();
    // guarded by this
    private final Walks walks = new Walks();

    SnmpAgent(SnmpConfig config, Security security, Counters counters, SnmpSource source, SnmpObserver observer) {
        this.source = source;
        this.observer = observer;
        this.access = new AccessControl(config);
        this.filter = new RequestFilter(access, new SourceLimits(config.rateLimit()), observer);
        this.counters = counters;
        MessageDispatcherImpl decoder = security.forRequests();
        decoder.addCommandResponder(this);
        decoder.addAuthenticationFailureListener(this);
        this.dispatcher = decoder;
    }

    /** Serves the requests of a port from now on. */
    void serve(Transport transport) {
        transport.serve(filter, dispatcher);
    }

    @Override
    public <A extends Address> void processPdu(CommandResponderEvent<A> event) {
        event.setProcessed(true);
        PDU request = event.getPDU();
        if (request == null || !(event.getPeerAddress() instanceof TransportIpAddress peer)) {
            filter.count(Request.OTHER);
            return;
        }
        Optional<Rights> rights = rights(event, peer.getInetAddress());
        Request type = type(request.getType());
        filter.count(rights.isEmpty() ? Request.UNAUTHORIZED : type);
        if (rights.isEmpty()) {
            refuse(event, request);
        } else if (type != Request.OTHER) {
            answerOrLog(event, request, rights.get());
        }
    }

    /** A message of SNMPv3 was not accepted: the engine or its time is to be learned first, or the user is not authentic. */
    @Override
    public <A extends Address> void authenticationFailure(AuthenticationFailureEvent<A> event) {
        boolean isDiscovery = event.getError() == SnmpConstants.SNMPv3_USM_UNKNOWN_ENGINEID
                || event.getError() == SnmpConstants.SNMPv3_USM_NOT_IN_TIME_WINDOW;
        filter.count(isDiscovery ? Request.OTHER : Request.UNAUTHORIZED);
    }

    /** A defect must not fill the log: it is logged once a minute. */
    private void answerOrLog(CommandResponderEvent<?> event, PDU request, Rights rights) {
        try {
            answer(event, request, rights);
        } catch (RuntimeException e) {
            long now = System.nanoTime();
            long last = lastDefect.get();
            if ((last == 0 || now - last > DEFECT_INTERVAL) && lastDefect.compareAndSet(last, now)) {
                LOG.atError()
                        .addKeyValue("reason", "unexpected exception")
                        .setCause(e)
                        .log("snmp_request.failed");
            }
        }
    }

    private Optional<Rights> rights(CommandResponderEvent<?> event, InetAddress peer) {
        return event.getMessageProcessingModel() == MPv3.ID
                ? access.user(event.getSecurityName(), event.getSecurityLevel(), peer)
                : access.community(event.getSecurityName(), peer);
    }

    private static Request type(int type) {
        return switch (type) {
            case PDU.GET -> Request.GET;
            case PDU.GETNEXT -> Request.GETNEXT;
            case PDU.GETBULK -> Request.GETBULK;
            case PDU.SET -> Request.SET;
            default -> Request.OTHER;
        };
    }

    /** A community that is unknown gets no response; a user of v3 that has no access gets an error. */
    private void refuse(CommandResponderEvent<?> event, PDU request) {
        if (event.getMessageProcessingModel() != MPv3.ID) {
            counters.increment(SnmpConstants.snmpInBadCommunityNames);
            return;
        }
        PDU response = response(request);
        response.setErrorStatus(PDU.authorizationError);
        send(event, response);
    }

    private void answer(CommandResponderEvent<?> event, PDU request, Rights rights) {
        if (request instanceof ScopedPDU scoped && scoped.getContextName().length() > 0) {
            reportUnknownContext(event, scoped);
            return;
        }
        Optional<MibTree> walked = walked(event, request);
        Optional<MibTree> tree = walked.isPresent() ? walked : tree();
        if (tree.isEmpty()) {
            return;
        }
        if (request.getType() == PDU.SET) {
            PDU response = response(request);
            boolean isV1 = event.getMessageProcessingModel() == SnmpConstants.version1;
            Setting.of(request, rights, tree.get(), source).answer(response, isV1);
            send(event, response);
            return;
        }
        send(event, read(event, request, rights, tree.get()));
    }

    /** The present tree; empty before the table was read for the first time, when requests are not answered. */
    private Optional<MibTree> tree() {
        try {
            return source.tree().get(READING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            LOG.debug("no tree in time", e);
        }
        return Optional.empty();
    }

    /** The tree of the walk that a request continues; the table is not read for such a request. */
    private synchronized Optional<MibTree> walked(CommandResponderEvent<?> event, PDU request) {
        long now = System.nanoTime();
        walks.expire(now);
        int first = singles(request);
        return isWalk(request) && first < request.size()
                ? walks.tree(event.getPeerAddress(), request.get(first).getOid(), now)
                : Optional.empty();
    }

    private static boolean isWalk(PDU request) {
        return request.getType() == PDU.GETNEXT || request.getType() == PDU.GETBULK;
    }

    /** The number of variables that a GETBULK does not repeat; 0 for other requests. */
    private static int singles(PDU request) {
        return request.getType() == PDU.GETBULK ? Math.clamp(request.getNonRepeaters(), 0, request.size()) : 0;
    }

    private synchronized PDU read(CommandResponderEvent<?> event, PDU request, Rights rights, MibTree tree) {
        boolean isV1 = event.getMessageProcessingModel() == SnmpConstants.version1;
        Responder responder = new Responder(tree, rights, isV1, maxSize(event, rights));
        PDU response = response(request);
        responder.answer(request, response);
        if (responder.isTruncated()) {
            observer.request(Request.TRUNCATED);
        }
        if (isWalk(request) && response.getErrorStatus() == PDU.noError) {
            int first = singles(request);
            int columns = request.size() - first;
            // A client goes on from the last row, or from the one before if the last one is incomplete.
            int from = Math.max(first, response.size() - (columns > 1 ? 2 * columns : 1));
            for (int i = from; i < response.size(); i++) {
                VariableBinding last = response.get(i);
                if (!last.isException()) {
                    walks.ended(event.getPeerAddress(), last.getOid(), tree, System.nanoTime());
                }
            }
        }
        return response;
    }

    /** The size that the response PDU may have, so that the message fits in one packet and in what the client accepts. */
    private static int maxSize(CommandResponderEvent<?> event, Rights rights) {
        boolean udp = event.getPeerAddress() instanceof UdpAddress;
        boolean v6 =
                event.getPeerAddress() instanceof TransportIpAddress ip && ip.getInetAddress() instanceof Inet6Address;
        int message = udp ? v6 ? UDP_IPV6 : UDP_IPV4 : TCP;
        if (event.getMessageProcessingModel() != MPv3.ID) {
            return message - COMMUNITY_HEADER - rights.name().getBytes(StandardCharsets.UTF_8).length;
        }
        return Math.min(message - V3_HEADER, event.getMaxSizeResponsePDU() - SCOPE);
    }

    private static PDU response(PDU request) {
        PDU response;
        if (request instanceof ScopedPDU scoped) {
            ScopedPDU reply = new ScopedPDU();
            reply.setContextEngineID(scoped.getContextEngineID());
            reply.setContextName(scoped.getContextName());
            response = reply;
        } else {
            response = new PDU();
        }
        response.setType(PDU.RESPONSE);
        response.setRequestID(request.getRequestID());
        return response;
    }

    private void reportUnknownContext(CommandResponderEvent<?> event, ScopedPDU request) {
        OID counter = SnmpConstants.snmpUnknownContexts;
        PDU report = response(request);
        report.setType(PDU.REPORT);
        report.add(new VariableBinding(counter, new Counter32(counters.increment(counter))));
        send(event, report);
    }

    private void send(CommandResponderEvent<?> event, PDU response) {
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
            LOG.debug("response not sent", e);
        }
    }
}
