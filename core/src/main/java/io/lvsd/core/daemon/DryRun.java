package io.lvsd.core.daemon;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.core.view.DriverStatus.Withheld;
import io.lvsd.sorryserver.SorryServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

    /** A listener that is not opened and counts as open. */
    SorryServer.Listener listener(InetSocketAddress address) {
        withheld("sorry page: would listen on " + address.getAddress().getHostAddress() + ":" + address.getPort());
        return new SorryServer.Listener() {
            @Override
            public InetSocketAddress address() {
                return address;
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
