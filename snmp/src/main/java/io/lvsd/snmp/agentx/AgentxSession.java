package io.lvsd.snmp.agentx;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.source.IoReason;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpObserver.Delivery;
import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.Walks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/**
 * A subagent of AgentX, RFC 2741. It connects to the master agent, registers subtrees, and serves requests, until it is closed. If
 * the master is not there, ends, hangs, or sends malformed bytes, it connects again after 1 s, then 2, 4, … 30 s. Trouble is
 * logged once when it begins and once when it ends.
 *
 * <p>Everything runs on one daemon thread, {@code agentx}. The methods may be called by any thread; only {@link #close} waits.
 */
public final class AgentxSession implements AutoCloseable {
    /** Notifications that the master has not acknowledged, at most. */
    static final int MAX_NOTIFICATIONS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(AgentxSession.class);
    private static final long CLOSE_MILLIS = 1_000;

    private final SnmpConfig.Agentx config;
    private final boolean write;
    private final SnmpSource source;
    private final SnmpObserver observer;
    private final String description;
    private final AgentxTimings timings;
    private final String address;
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, Thread.ofPlatform().daemon().name("agentx").factory(), NioIoHandler.newFactory());
    private final IoEventLoop loop = group.next();

    // owned by the loop
    private final LastingTrouble trouble = new LastingTrouble();
    private final Backoff backoff;
    private final AgentxRegistrations registrations;
    private @Nullable AgentxConnection connection;
    private @Nullable Future<?> retry;
    private boolean stopped;

    // shared, thread-safe
    private final Semaphore notifications = new Semaphore(MAX_NOTIFICATIONS);
    private final AtomicBoolean closed = new AtomicBoolean();

    private AgentxSession(
            SnmpConfig.Agentx config,
            boolean write,
            List<OID> subtrees,
            SnmpSource source,
            SnmpObserver observer,
            String description,
            AgentxTimings timings) {
        this.config = config;
        this.write = write;
        this.source = source;
        this.observer = observer;
        this.description = description;
        this.timings = timings;
        this.address = AgentxChannels.text(config.socket());
        this.backoff = new Backoff(timings.firstRetry(), timings.maxRetry());
        this.registrations = new AgentxRegistrations(address, subtrees, timings);
    }

    /**
     * Begins to connect. A master that is not there is no error.
     *
     * @param write whether weights can be set ({@link SnmpConfig#write}); else each SetRequest gets notWritable
     * @param subtrees registered one by one; one that the master refuses is logged, and registered again after 1, 2, 4, … 60 s
     * @param source called by the thread {@code agentx}; a request that it does not complete within 4 s gets genErr, or
     *     commitFailed or undoFailed
     * @param observer counts each request as AGENTX, and each notification
     * @param description of this subagent, for the master
     */
    public static AgentxSession start(
            SnmpConfig.Agentx config,
            boolean write,
            List<OID> subtrees,
            SnmpSource source,
            SnmpObserver observer,
            String description) {
        return start(config, write, subtrees, source, observer, description, AgentxTimings.DEFAULT);
    }

    static AgentxSession start(
            SnmpConfig.Agentx config,
            boolean write,
            List<OID> subtrees,
            SnmpSource source,
            SnmpObserver observer,
            String description,
            AgentxTimings timings) {
        AgentxSession session = new AgentxSession(config, write, subtrees, source, observer, description, timings);
        session.loop.execute(session::connect);
        return session;
    }

    private void connect() {
        if (stopped) {
            return;
        }
        retry = null;
        try {
            var _ = AgentxChannels.bootstrap(loop, config.socket(), timings.response())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            begin(channel);
                        }
                    })
                    .connect()
                    .addListener((ChannelFuture connected) -> {
                        if (!connected.isSuccess()) {
                            notConnected(connected.cause());
                        }
                    });
        } catch (RuntimeException e) { // no file descriptor is left
            notConnected(e);
        }
    }

    private void begin(Channel channel) {
        AgentxConnection begun =
                new AgentxConnection(channel, timings, description, observer, this::serving, new Events());
        channel.pipeline().addLast(new AgentxFrames(), begun);
        connection = begun;
    }

    /** Nothing of an earlier session is used, as a master that was restarted uses the same numbers again. */
    private AgentxServing serving(Channel channel, long number) {
        return new AgentxServing(
                channel, number, source, timings.request(), new AgentxRequests(new Walks()), new AgentxSets(write));
    }

    /** What the present connection reports. */
    private final class Events implements AgentxConnection.Owner {
        @Override
        public void opened(AgentxConnection opened) {
            registrations.register(opened, AgentxSession.this::ready);
        }

        @Override
        public void stable() {
            backoff.reset();
        }

        @Override
        public void lost(String reason) {
            failed(reason, "examine the log of the master agent, and whether it runs");
        }
    }

    private void ready() {
        if (trouble.isActive()) {
            trouble.recovered(LOG.atInfo().addKeyValue("address", address)).log("agentx.recovered");
        } else {
            LOG.atInfo().addKeyValue("address", address).log("agentx.connected");
        }
    }

    private void notConnected(Throwable cause) {
        failed(
                IoReason.of(cause),
                "start snmpd with 'master agentx' in snmpd.conf, and allow access to the socket with agentXPerms");
    }

    private void failed(String reason, String remedy) {
        if (stopped || retry != null) {
            return;
        }
        connection = null;
        if (trouble.failed()) {
            LOG.atWarn()
                    .addKeyValue("address", address)
                    .addKeyValue("reason", reason)
                    .addKeyValue("effect", "requests through the master agent are not served; connecting is retried")
                    .addKeyValue("remedy", remedy)
                    .log("agentx.failed");
        }
        retry = loop.schedule(this::connect, backoff.next().toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Sends a notification through the master, which sends it to its receivers. It is not queued while there is no session:
     * then, and if the master refuses it, it counts as FAILED; as DROPPED if the master has not acknowledged 256 others; else as
     * SENT. Without {@link SnmpConfig.Agentx#notifications} nothing happens.
     *
     * @param trap the value of snmpTrapOID.0
     * @param bindings what follows it; must not be changed afterwards
     */
    public void notify(OID trap, List<VariableBinding> bindings) {
        if (!config.notifications()) {
            return;
        }
        if (!notifications.tryAcquire()) {
            observer.notification(Delivery.DROPPED);
            return;
        }
        List<VariableBinding> all = new ArrayList<>();
        all.add(new VariableBinding(SnmpConstants.snmpTrapOID, trap));
        all.addAll(bindings);
        try {
            loop.execute(() -> send(all));
        } catch (RejectedExecutionException e) { // closed
            notified(Delivery.FAILED);
        }
    }

    private void send(List<VariableBinding> bindings) {
        if (connection == null) {
            notified(Delivery.FAILED);
        } else {
            connection.notify(bindings, this::notified);
        }
    }

    private void notified(Delivery outcome) {
        notifications.release();
        observer.notification(outcome);
    }

    /** Ends the session and the thread. Waits at most 1 s, and not on the thread {@code agentx} itself. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        loop.execute(this::stop);
        if (!loop.inEventLoop()) {
            group.terminationFuture().awaitUninterruptibly(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void stop() {
        stopped = true;
        if (retry != null) {
            retry.cancel(false);
        }
        if (connection != null) {
            connection.shutdown();
        }
        // not earlier: the loop then closes its channels before it runs its tasks
        var _ = group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
