package io.lvsd.core.engine;

import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * When a service whose commands failed is planned again: immediately after the first failure, then after 1 s, 2 s and so on up
 * to 30 s. A service that is wanted differently since then does not wait.
 *
 * @param waiting by service; empty key: timeouts and sync daemons
 * @param attempted the services of the plan that was sent last, as they were wanted
 */
record Backoff(PMap<Optional<ServiceKey>, Retry> waiting, Map<ServiceKey, WantedService> attempted) {
    static final Backoff NONE = new Backoff(HashTreePMap.empty(), Map.of());
    private static final long FIRST = Duration.ofSeconds(1).toNanos();
    private static final long MAX = Duration.ofSeconds(30).toNanos();
    private static final int DOUBLINGS = 5;

    /**
     * A service whose last attempt failed.
     *
     * @param failures how many attempts in a row failed, 1 or more
     * @param notBefore monotonic nanoseconds
     * @param wanted as it was wanted then; null if it was to be removed
     */
    record Retry(int failures, long notBefore, @Nullable WantedService wanted) {}

    boolean mustWait(Optional<ServiceKey> service, @Nullable WantedService wanted, long now) {
        Retry retry = waiting.get(service);
        return retry != null && now - retry.notBefore() < 0 && Objects.equals(retry.wanted(), wanted);
    }

    /** The services whose wait is over. */
    List<ServiceKey> due(long now) {
        return waiting.entrySet().stream()
                .filter(e -> now - e.getValue().notBefore() >= 0)
                .flatMap(e -> e.getKey().stream())
                .toList();
    }

    Backoff attempting(Map<ServiceKey, WantedService> wanted) {
        return new Backoff(waiting, Map.copyOf(wanted));
    }

    /** After a plan was sent: services with a failed command wait, those without wait no longer. */
    Backoff after(List<Event.Result> results, long now) {
        Set<Optional<ServiceKey>> failed = new HashSet<>();
        Set<Optional<ServiceKey>> done = new HashSet<>();
        for (Event.Result result : results) {
            IpvsCommand command = result.command();
            (result.result().applied() ? done : failed).add(command.subject());
        }
        done.removeAll(failed);
        PMap<Optional<ServiceKey>, Retry> next = waiting.minusAll(done);
        for (Optional<ServiceKey> service : failed) {
            Retry known = waiting.get(service);
            int failures = known == null ? 1 : known.failures() + 1;
            WantedService wanted = service.map(attempted::get).orElse(null);
            next = next.plus(service, new Retry(failures, now + delay(failures), wanted));
        }
        return new Backoff(next, Map.of());
    }

    /** Forgets services that are no longer ours, or need no command any more. */
    Backoff without(Set<ServiceKey> gone) {
        return gone.isEmpty() || waiting.isEmpty()
                ? this
                : new Backoff(waiting.minusAll(gone.stream().map(Optional::of).toList()), attempted);
    }

    static long delay(int failures) {
        return failures <= 1 ? 0 : Math.min(MAX, FIRST << Math.min(failures - 2, DOUBLINGS));
    }
}
