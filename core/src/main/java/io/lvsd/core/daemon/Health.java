package io.lvsd.core.daemon;

import io.lvsd.checkers.Probes;
import io.lvsd.core.api.HealthSource;
import io.lvsd.core.loop.EngineLoop;
import io.lvsd.core.loop.SelfProbe;
import io.lvsd.core.view.HealthReport;
import io.lvsd.core.view.Liveness;
import io.lvsd.core.view.Readiness;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The health of this daemon, for {@code /livez} and {@code /readyz}. */
final class Health implements HealthSource, AutoCloseable {
    private final EngineLoop loop;
    private final SelfProbe selfProbe;

    /** @param listener of the HTTP endpoint, which the probe of this process connects to */
    Health(EngineLoop loop, Probes probes, InetSocketAddress listener) {
        this.loop = loop;
        this.selfProbe = SelfProbe.start(probes, onLoopback(listener));
    }

    /** The probe never leaves this host. A refused connection is a result, too. */
    private static InetSocketAddress onLoopback(InetSocketAddress listener) {
        return listener.getAddress().isLoopbackAddress()
                ? listener
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getPort());
    }

    @Override
    public HealthReport liveness() {
        // The present time is read last: a time that is read later would be in the future.
        long engine = loop.progressAt();
        long probe = selfProbe.completedAt();
        var overdue = loop.overdueAt();
        return new Liveness(System.nanoTime(), engine, probe, overdue).report();
    }

    @Override
    public HealthReport readiness() {
        return Readiness.of(loop.state(), System.nanoTime());
    }

    @Override
    public void close() {
        selfProbe.close();
    }
}
