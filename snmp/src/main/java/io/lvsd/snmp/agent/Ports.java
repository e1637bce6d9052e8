package io.lvsd.snmp.agent;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Listen;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpSource;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    public Ports(SnmpSource source, SnmpObserver observer, Counters counters) {
        this.source = source;
        this.observer = observer;
        this.counters = counters;
    }

    /** Ports of another configuration, which are open and do not receive yet. */
    public final class Prepared {
        private final SnmpConfig config;
        private final Map<Listen, Transport> added;

        private Prepared(SnmpConfig config, Map<Listen, Transport> added) {
            this.config = config;
            this.added = added;
        }

        /** Serves this configuration from now on, and closes the ports that it does not have. */
        public void commit(Security security) {
            SnmpAgent agent = new SnmpAgent(config, security, counters, source, observer);
            open.entrySet().removeIf(port -> {
                boolean gone = !config.listen().contains(port.getKey());
                if (gone) {
                    Ports.close(port.getKey(), port.getValue());
                }
                return gone;
            });
            open.putAll(added);
            open.values().forEach(agent::serve);
            added.forEach(Ports::receive);
        }

        /** Closes what was opened. */
        public void discard() {
            added.forEach(Ports::close);
        }

        /** The ports that were not open before. */
        public List<Listen> added() {
            return List.copyOf(added.keySet());
        }
    }

    /**
     * Opens the ports that a configuration adds.
     *
     * @throws IOException if one cannot be opened; the text names it
     */
    public Prepared prepare(SnmpConfig config) throws IOException {
        Map<Listen, Transport> added = new LinkedHashMap<>();
        for (Listen listen : config.listen()) {
            if (open.containsKey(listen)) {
                continue;
            }
            try {
                added.put(listen, open(listen));
            } catch (IOException e) {
                added.forEach(Ports::close);
                throw new IOException("snmp: cannot listen on " + text(listen) + ": " + IoReason.of(e), e);
            }
        }
        return new Prepared(config, added);
    }

    private static Transport open(Listen listen) throws IOException {
        return switch (listen.transport()) {
            case UDP -> new UdpTransport(new UdpAddress(listen.address(), listen.port()));
            case TCP -> new TcpTransport(new TcpAddress(listen.address(), listen.port()));
        };
    }

    private static void receive(Listen listen, Transport transport) {
        try {
            transport.listen();
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue("address", text(listen))
                    .addKeyValue("reason", IoReason.of(e))
                    .log("snmp.failed");
        }
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
