package io.lvsd.snmp.agentx;

import io.lvsd.conf.source.IoReason;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpObserver.Delivery;
import io.lvsd.snmp.SnmpObserver.Request;
import io.lvsd.snmp.agentx.AgentxFrames.Frame;
import io.lvsd.snmp.agentx.AgentxPdu.Close;
import io.lvsd.snmp.agentx.AgentxPdu.CloseReason;
import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.Notify;
import io.lvsd.snmp.agentx.AgentxPdu.Open;
import io.lvsd.snmp.agentx.AgentxPdu.Ping;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/** One connection to the master, with one session, from Open-PDU to its end. Used by the event loop of the channel. */
final class AgentxConnection extends SimpleChannelInboundHandler<Frame> {
    private static final Logger LOG = LoggerFactory.getLogger(AgentxConnection.class);
    private static final OID NO_OID = new OID(new int[0]);

    /** What is reported of a connection. Called by the event loop. */
    interface Owner {
        /** The session is open: subtrees are to be registered. */
        void opened(AgentxConnection connection);

        /** The master has responded to the first Ping-PDU. */
        void stable();

        /** The connection has ended, and will report nothing else. */
        void lost(String reason);
    }

    /** Creates what serves the requests of a session. */
    interface Servings {
        AgentxServing create(Channel channel, long session);
    }

    /** @param action gets nothing if the connection ends before the response */
    private record Pending(Consumer<Optional<Response>> action, Future<?> deadline) {}

    private final Channel channel;
    private final AgentxTimings timings;
    private final OctetString description;
    private final SnmpObserver observer;
    private final Servings servings;
    private final Owner owner;
    private final Map<Long, Pending> pending = new HashMap<>();

    private @Nullable AgentxServing serving;
    private @Nullable Future<?> pinging;
    private @Nullable Future<?> unwritable;
    private long session;
    private long packet;
    private boolean ended;

    AgentxConnection(
            Channel channel,
            AgentxTimings timings,
            String description,
            SnmpObserver observer,
            Servings servings,
            Owner owner) {
        this.channel = channel;
        this.timings = timings;
        this.description = new OctetString(description);
        this.observer = observer;
        this.servings = servings;
        this.owner = owner;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        int seconds = Math.clamp(timings.response().toSeconds(), 1, 255);
        request(header -> new Open(header, seconds, NO_OID, description), this::opened);
    }

    private void opened(Response response) {
        if (!response.isError(AgentxError.NO_ERROR)) {
            lose("the master refused the session: " + AgentxError.text(response.error()));
            return;
        }
        session = response.header().session();
        serving = servings.create(channel, session);
        pinging = after(timings.ping(), this::ping);
        owner.opened(this);
    }

    private void ping() {
        request(header -> new Ping(header, Optional.empty()), _ -> {
            pinging = after(timings.ping(), this::ping);
            owner.stable();
        });
    }

    /**
     * Sends a request.
     *
     * @param then gets its response, unless the connection ends before it, or the master does not know the session
     */
    void request(Function<Header, AgentxPdu> pdu, Consumer<Response> then) {
        send(
                pdu,
                response -> response.ifPresent(r -> {
                    if (r.isError(AgentxError.NOT_OPEN)) {
                        lose("the master does not know the session");
                    } else {
                        then.accept(r);
                    }
                }));
    }

    private void send(Function<Header, AgentxPdu> request, Consumer<Optional<Response>> action) {
        if (ended) {
            action.accept(Optional.empty());
            return;
        }
        long id = packet++ & 0x7fff_ffffL;
        AgentxPdu pdu = request.apply(new Header(session, id, id));
        Future<?> deadline = after(
                timings.response(),
                () -> lose("timeout: no response to the "
                        + pdu.getClass().getSimpleName() + "-PDU after "
                        + timings.response().toSeconds() + " s"));
        pending.put(id, new Pending(action, deadline));
        AgentxChannels.write(channel, pdu);
    }

    /** Sends a notification, and reports what became of it. */
    void notify(List<VariableBinding> bindings, Consumer<Delivery> then) {
        int bytes = bindings.stream().mapToInt(PduWriter::length).sum();
        if (serving == null || bytes > AgentxCodec.MAX_PAYLOAD) {
            then.accept(Delivery.FAILED);
            return;
        }
        send(header -> new Notify(header, Optional.empty(), bindings), response -> {
            boolean sent = response.isPresent() && response.get().isError(AgentxError.NO_ERROR);
            then.accept(sent ? Delivery.SENT : Delivery.FAILED);
            if (response.isPresent() && response.get().isError(AgentxError.NOT_OPEN)) {
                lose("the master does not know the session");
            }
        });
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Frame frame) {
        if (ended) {
            return;
        }
        switch (frame) {
            case Frame.Whole(Response response) -> received(response);
            case Frame.Whole(Close close) -> lose("the master closed the session: " + CloseReason.text(close.reason()));
            case Frame.Malformed(String reason) -> malformed(reason);
            case Frame.Whole _, Frame.TooLong _ -> serve(frame);
        }
    }

    private void received(Response response) {
        Pending request = pending.remove(response.header().packet());
        if (request != null) {
            request.deadline().cancel(false);
            request.action().accept(Optional.of(response));
        }
    }

    private void malformed(String reason) {
        observer.request(Request.AGENTX_MALFORMED);
        close(CloseReason.PARSE_ERROR);
        lose("malformed bytes from the master: " + reason);
    }

    private void serve(Frame frame) {
        observer.request(Request.AGENTX);
        if (serving == null) {
            close(CloseReason.PROTOCOL_ERROR);
            lose("a request of the master before the session was open");
        } else {
            serving.add(frame);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        cancel(unwritable);
        if (!channel.isWritable()) {
            unwritable = after(
                    timings.unwritable(),
                    () -> lose("the master has read nothing for "
                            + timings.unwritable().toSeconds() + " s"));
        } else if (serving != null) {
            serving.proceed();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lose("the master closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.atError().addKeyValue("request", "session").setCause(cause).log("agentx_request.failed");
        }
        lose(IoReason.of(cause));
    }

    /** Sends a Close-PDU. The connection is to be ended afterwards. */
    private void close(CloseReason reason) {
        AgentxChannels.write(channel, new Close(new Header(session, 0, packet), reason.code()));
    }

    /** Ends the session and the connection, without a report. */
    void shutdown() {
        if (!ended && serving != null && channel.isWritable()) {
            close(CloseReason.SHUTDOWN);
        }
        end();
    }

    private void lose(String reason) {
        if (!ended) {
            end();
            owner.lost(reason);
        }
    }

    private void end() {
        ended = true;
        cancel(pinging);
        cancel(unwritable);
        if (serving != null) {
            serving.end();
        }
        List<Pending> unanswered = new ArrayList<>(pending.values());
        pending.clear();
        unanswered.forEach(p -> p.deadline().cancel(false));
        unanswered.forEach(p -> p.action().accept(Optional.empty()));
        var _ = channel.close();
    }

    /** Runs something on the event loop later, unless the connection has ended. */
    void later(Duration delay, Runnable task) {
        var _ = after(delay, task);
    }

    private Future<?> after(Duration delay, Runnable task) {
        Runnable unlessEnded = () -> {
            if (!ended) {
                task.run();
            }
        };
        return channel.eventLoop().schedule(unlessEnded, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
