package io.lvsd.snmp.service;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Listen;
import io.lvsd.conf.model.SnmpConfig.SystemGroup;
import io.lvsd.conf.model.VsId;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.agent.Counters;
import io.lvsd.snmp.agent.Ports;
import io.lvsd.snmp.agent.Security;
import io.lvsd.snmp.agent.Security.Passwords;
import io.lvsd.snmp.agentx.AgentxSession;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.Mibs;
import io.lvsd.snmp.mib.SnmpView;
import io.lvsd.snmp.mib.StateNotifications.Content;
import io.lvsd.snmp.mib.SystemMib;
import io.lvsd.snmp.mib.SystemMib.Engine;
import io.lvsd.snmp.mib.SystemMib.Identity;
import io.lvsd.snmp.notification.Sinks;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.OctetString;

/**
 * SNMP as a whole: agent, AgentX subagent and receivers of notifications, over reloads. {@link #prepare} and what it returns are used by
 * one thread at a time; the rest is thread-safe.
 */
public final class SnmpService implements AutoCloseable {
    private final Views views;
    private final Identity identity;
    private final Engines engines;
    private final Passwords passwords;
    private final SnmpObserver observer;
    private final Counters counters = new Counters();
    private final long start = System.nanoTime();
    private final Ports ports;

    // written by one thread at a time
    private Optional<SnmpConfig> config = Optional.empty();
    private @Nullable Engine engine;
    /** The configured id with which {@link #engine} was started. */
    private Optional<String> engineId = Optional.empty();

    private volatile SystemMib system;
    private volatile @Nullable Sinks sinks;
    private volatile @Nullable AgentxSession agentx;

    // guarded by this
    private @Nullable SnmpView shown;
    private @Nullable SystemMib shownSystem;
    private @Nullable MibTree tree;

    /** What is served, and what requests may change. Thread-safe; no method blocks. */
    public interface Views {
        /** The present view, as {@link SnmpSource#tree}; the same object as long as nothing has changed. */
        CompletableFuture<Optional<SnmpView>> view();

        /** As {@link SnmpSource#setWeight}. */
        CompletableFuture<Optional<SnmpSource.Undo>> setWeight(
                VsId virtualServer, RsId realServer, long weight, String user);
    }

    /** Starts the engine of SNMPv3. */
    @FunctionalInterface
    public interface Engines {
        /**
         * Counts one more start, and stores it. Blocks.
         *
         * @param id in hexadecimal digits; empty: a stored one, or a new one
         * @throws IOException if it cannot be stored: an engine must not use a number of starts twice (RFC 3414, section 2.3)
         */
        Engine start(Optional<String> id) throws IOException;
    }

    /**
     * Makes a service that serves nothing yet.
     *
     * @param passwords reads the files of passwords, at start and when a reload changes the configuration of SNMP
     * @param engines starts the engine of SNMPv3
     */
    public SnmpService(Identity identity, Views views, Engines engines, Passwords passwords, SnmpObserver observer) {
        this.passwords = passwords;
        this.identity = identity;
        this.views = views;
        this.engines = engines;
        this.observer = observer;
        this.ports = new Ports(source(), observer, counters);
        this.system = system(SystemGroup.EMPTY, new Engine(new OctetString(), 0));
    }

    private SystemMib system(SystemGroup configured, Engine of) {
        return new SystemMib(identity, configured, of, counters, System::nanoTime, start);
    }

    /** What the agents are served from. */
    public SnmpSource source() {
        return new SnmpSource() {
            @Override
            public CompletableFuture<Optional<MibTree>> tree() {
                return views.view().thenApply(view -> view.map(SnmpService.this::treeOf));
            }

            @Override
            public CompletableFuture<Optional<Undo>> setWeight(VsId vs, RsId rs, long weight, String user) {
                return views.setWeight(vs, rs, weight, user);
            }
        };
    }

    /** The tree of a view, which is made once. */
    @SuppressWarnings("ReferenceEquality")
    private synchronized MibTree treeOf(SnmpView view) {
        MibTree known = tree;
        if (known == null || view != shown || system != shownSystem) {
            known = Mibs.tree(view, system);
            tree = known;
            shown = view;
            shownSystem = system;
        }
        return known;
    }

    // ---- configuration

    /** A configuration that can be used: its ports are open, its passwords are read. */
    public final class Prepared {
        private final Optional<SnmpConfig> next;
        private final Ports.@Nullable Prepared opened;
        private final @Nullable Security security;
        private final @Nullable Sinks receivers;
        private final @Nullable Engine started;

        private Prepared(
                Optional<SnmpConfig> next,
                Ports.@Nullable Prepared opened,
                @Nullable Security security,
                @Nullable Sinks receivers,
                @Nullable Engine started) {
            this.next = next;
            this.opened = opened;
            this.security = security;
            this.receivers = receivers;
            this.started = started;
        }

        /** Uses this configuration from now on. */
        public void commit() {
            if (next.equals(config)) {
                return;
            }
            if (started != null && next.isPresent()) {
                engine = started;
                engineId = next.get().engineId();
                system = system(next.get().system(), started);
            }
            if (opened != null && security != null) {
                opened.commit(security);
            } else {
                ports.close();
            }
            commitSinks();
            commitAgentx();
            config = next;
        }

        private void commitSinks() {
            Sinks former = sinks;
            if (former != null && receivers != null) {
                receivers.adopt(former);
            }
            sinks = receivers;
            if (former != null) {
                // It waits for what is queued for receivers that were removed.
                var _ = Thread.ofVirtual().name("snmp-sinks-close").start(former::close);
            }
        }

        private void commitAgentx() {
            Optional<SnmpConfig.Agentx> socket = next.flatMap(SnmpConfig::agentx);
            boolean same = socket.equals(config.flatMap(SnmpConfig::agentx))
                    && next.map(SnmpConfig::write).equals(config.map(SnmpConfig::write));
            if (same) {
                return;
            }
            AgentxSession former = agentx;
            if (former != null) {
                former.close();
            }
            agentx = socket.map(s -> AgentxSession.start(
                            s,
                            next.orElseThrow().write(),
                            Mibs.subtrees(),
                            source(),
                            observer,
                            "lvsd " + identity.version()))
                    .orElse(null);
        }

        /** The ports that were not open before. */
        public List<Listen> added() {
            return opened == null ? List.of() : opened.added();
        }
    }

    /**
     * Opens what a configuration needs; everything that is served continues.
     *
     * @throws IOException if a port cannot be opened, or a password cannot be used; the text names it
     */
    public Prepared prepare(Optional<SnmpConfig> next) throws IOException {
        if (next.isEmpty() || next.equals(config)) {
            return new Prepared(next, null, null, null, null);
        }
        SnmpConfig wanted = next.get();
        boolean sends = !wanted.listen().isEmpty() || !wanted.sinks().isEmpty();
        if (!sends) {
            return new Prepared(next, ports.prepare(wanted), null, null, null);
        }
        Engine used = engine(wanted);
        Security security = new Security(wanted, used, counters, passwords);
        Ports.Prepared opened = ports.prepare(wanted);
        try {
            Sinks receivers = wanted.sinks().isEmpty() ? null : new Sinks(wanted, security, used.id(), observer);
            return new Prepared(next, opened, security, receivers, used);
        } catch (IOException e) {
            opened.discard();
            throw e;
        }
    }

    /** The engine, which is started once unless another id is configured. */
    private Engine engine(SnmpConfig wanted) throws IOException {
        Engine known = engine;
        return known != null && wanted.engineId().equals(engineId) ? known : engines.start(wanted.engineId());
    }

    // ---- notifications

    /** Sends a notification to all receivers. Does not block. */
    public void notify(Content content) {
        Sinks receivers = sinks;
        if (receivers != null) {
            receivers.send(content, system.upTime());
        }
        AgentxSession session = agentx;
        if (session != null) {
            session.notify(content.id(), content.bindings());
        }
    }

    /** Gives notifications a bounded time, and closes everything. */
    @Override
    public void close() {
        ports.close();
        Sinks receivers = sinks;
        if (receivers != null) {
            receivers.close();
        }
        AgentxSession session = agentx;
        if (session != null) {
            session.close();
        }
    }
}
