package io.lvsd.core.api;

import io.lvsd.core.http.Response;
import io.lvsd.core.http.Route;
import io.lvsd.core.view.HealthReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * {@code /livez} and {@code /readyz}. Evaluated on the event loop, so that they work while everything else is blocked, and at
 * most four times a second, so that many clients cost no more than one.
 */
final class HealthRoutes {
    private static final int UNAVAILABLE = 503;
    private static final int OK = 200;

    private final Cached liveness;
    private final Cached readiness;

    /** @param clock monotonic, in nanoseconds */
    HealthRoutes(HealthSource health, LongSupplier clock) {
        this.liveness = new Cached(health::liveness, clock);
        this.readiness = new Cached(health::readiness, clock);
    }

    /** A response that is used again for some time. Used by one thread. */
    private static final class Cached {
        private static final long AGE = Duration.ofMillis(250).toNanos();

        private final Supplier<HealthReport> source;
        private final LongSupplier clock;
        private Optional<Response> last = Optional.empty();
        private long until;

        Cached(Supplier<HealthReport> source, LongSupplier clock) {
            this.source = source;
            this.clock = clock;
        }

        Response get() {
            long now = clock.getAsLong();
            if (last.isEmpty() || now - until >= 0) {
                HealthReport report = source.get();
                last = Optional.of(Response.json(report.healthy() ? OK : UNAVAILABLE, report));
                until = now + AGE;
            }
            return last.get();
        }
    }

    List<Route> routes() {
        return List.of(Route.get("/livez", _ -> liveness.get()), Route.get("/readyz", _ -> readiness.get()));
    }
}
