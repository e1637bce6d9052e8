package io.lvsd.snmp.agent;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Listen;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.smi.TcpAddress;
import org.snmp4j.smi.UdpAddress;

/** The open ports of the agent, over reloads. Used by one thread at a time. */
public final class Ports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    private final SnmpSource source;
    private final SnmpObserver observer;
    private final Counters counters;
    private final Map<Listen, Transport> open = new HashMap<>();
    /** Serves the open ports. */
    private @Nullable SnmpAgent agent;

    public Ports(SnmpSource source, SnmpObserver observer, Counters counters) {
        this.source = source;
        this.observer = observer;
        this.counters = counters;
    }

    /** Ports of another configuration, which are open and do not receive yet. */
    public final class Prepared {
        private final SnmpConfig config;
        private final Map<Listen, Transport> added = new LinkedHashMap<>();
        /** Were closed already, so that others could be opened. */
        private final List<Listen> replaced = new ArrayList<>();

        private Prepared(SnmpConfig config) {
            this.config = config;
        }

        private void openAll() throws IOException {
            for (Listen listen : config.listen()) {
                if (!open.containsKey(listen)) {
                    replaceOverlapping(listen);
                    added.put(listen, Ports.open(listen));
                }
            }
        }

        /** A port cannot be opened for one address while another socket has it for all, and the other way round. */
        private void replaceOverlapping(Listen next) {
            open.entrySet().removeIf(port -> {
                boolean gone = overlap(port.getKey(), next) && !config.listen().contains(port.getKey());
                if (gone) {
                    Ports.close(port.getKey(), port.getValue());
                    replaced.add(port.getKey());
                }
                return gone;
            });
        }

        /** Serves this configuration from now on, and closes the ports that it does not have. */
        public void commit(Security security) {
            SnmpAgent next = new SnmpAgent(config, security, counters, source, observer);
            open.entrySet().removeIf(port -> {
                boolean gone = !config.listen().contains(port.getKey());
                if (gone) {
                    Ports.close(port.getKey(), port.getValue());
                }
                return gone;
            });
            open.putAll(added);
            open.values().forEach(next::serve);
            added.forEach(Ports::receive);
            agent = next;
        }

        /** Closes what was opened, and opens what was replaced. */
        public void discard() {
            added.forEach(Ports::close);
            for (Listen listen : replaced) {
                try {
                    reopen(listen);
                } catch (IOException e) {
                    failed(listen, e);
                }
            }
        }

        private void reopen(Listen listen) throws IOException {
            Transport transport = Ports.open(listen);
            open.put(listen, transport);
            if (agent != null) {
                agent.serve(transport);
            }
            receive(listen, transport);
        }

        /** The ports that were not open before. */
        public List<Listen> added() {
            return List.copyOf(added.keySet());
        }
    }

    private static boolean overlap(Listen one, Listen other) {
        return one.transport() == other.transport()
                && one.port() == other.port()
                && (one.address().isAnyLocalAddress() || other.address().isAnyLocalAddress());
    }

    /**
     * Opens the ports that a configuration adds. One that overlaps with a port that the configuration does not have, such as
     * 0.0.0.0 with 127.0.0.1, replaces it.
     *
     * @throws IOException if one cannot be opened; the text names it
     */
    public Prepared prepare(SnmpConfig config) throws IOException {
        Prepared prepared = new Prepared(config);
        try {
            prepared.openAll();
        } catch (IOException e) {
            prepared.discard();
            throw e;
        }
        return prepared;
    }

    /** @throws IOException if it cannot be opened; the text names it */
    private static Transport open(Listen listen) throws IOException {
        try {
            return switch (listen.transport()) {
                case UDP -> new UdpTransport(new UdpAddress(listen.address(), listen.port()));
                case TCP -> new TcpTransport(new TcpAddress(listen.address(), listen.port()));
            };
        } catch (IOException e) {
            throw new IOException("snmp: cannot listen on " + text(listen) + ": " + IoReason.of(e), e);
        }
    }

    private static void receive(Listen listen, Transport transport) {
        try {
            transport.listen();
        } catch (IOException e) {
            failed(listen, e);
        }
    }

    private static void failed(Listen listen, IOException cause) {
        LOG.atError()
                .addKeyValue("address", text(listen))
                .addKeyValue("reason", IoReason.of(cause))
                .log("snmp.failed");
    }

    private static void close(Listen listen, Transport transport) {
        try {
            transport.close();
        } catch (IOException e) {
            LOG.debug("close {}", text(listen), e);
        }
    }

    /** As the configuration has it. */
    public static String text(Listen listen) {
        return listen.transport().name().toLowerCase(Locale.ROOT) + ":"
                + IpAddresses.text(listen.address(), listen.port());
    }

    @Override
    public void close() {
        open.forEach(Ports::close);
        open.clear();
    }
}
