package io.lvsd.core.daemon;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.core.view.DriverStatus.Withheld;
import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.SorryService;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces effects outside the process with the memory driver: logs each, counts them, and keeps the last ones for the status.
 * Thread-safe.
 */
final class DryRun {
    private static final Logger LOG = LoggerFactory.getLogger(DryRun.class);
    private static final int KEPT = 10;

    // guarded by this
    private final Deque<String> last = new ArrayDeque<>();
    private long count;

    /** An effect did not take place. */
    void withheld(String what) {
        LOG.atInfo().addKeyValue("what", what).log("dry_run.withheld");
        synchronized (this) {
            count++;
            last.addLast(what);
            if (last.size() > KEPT) {
                last.removeFirst();
            }
        }
    }

    /** A configuration of metrics without servers that they are sent to. */
    MetricsConfig withoutPush(MetricsConfig config) {
        config.statsd().ifPresent(_ -> withheld("statsd: metrics are not sent"));
        config.otlp().ifPresent(_ -> withheld("otlp: metrics are not sent"));
        return config.withoutPush();
    }

    synchronized Withheld status() {
        return new Withheld(count, List.copyOf(last));
    }

    /** A sorry server whose listeners are not opened and count as open. */
    SorryService sorryServer() {
        return new SorryService() {
            private Set<InetSocketAddress> known = Set.of();

            @Override
            public synchronized Map<InetSocketAddress, String> apply(List<ListenerSetup> listeners) {
                Map<InetSocketAddress, String> results = new LinkedHashMap<>();
                for (ListenerSetup setup : listeners) {
                    InetSocketAddress address = setup.address();
                    if (!known.contains(address)) {
                        withheld("sorry page: would listen on "
                                + address.getAddress().getHostAddress() + ":" + address.getPort());
                    }
                    results.put(address, "");
                }
                known = Set.copyOf(results.keySet());
                return results;
            }

            @Override
            public void use(Set<InetSocketAddress> addresses) {
                // No client is directed here.
            }

            @Override
            public List<SorryCounters> counters() {
                return List.of();
            }

            @Override
            public void close() {
                // It is not open.
            }
        };
    }

    /**
     * Probes as usual, except those through a virtual address: without their services in the kernel's table they would reach the
     * service of another program.
     */
    static Prober prober(Prober real) {
        return new Prober() {
            @Override
            public void probe(List<Start> starts) {
                List<Start> possible = new ArrayList<>();
                for (Start start : starts) {
                    boolean viaVip = start.key().spec() instanceof CheckSpec.Remote remote
                            && remote.target().realServer().isPresent();
                    if (viaVip) {
                        start.done()
                                .accept(new ProbeReport(
                                        new ProbeResult.Inconclusive("via_vip: not possible in a dry run"),
                                        Duration.ZERO));
                    } else {
                        possible.add(start);
                    }
                }
                real.probe(possible);
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }
}
