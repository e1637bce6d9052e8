package io.lvsd.core.view;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.ShadowTable;
import io.lvsd.core.engine.ShadowTable.Closed;
import io.lvsd.core.engine.ShadowTable.Direction;
import io.lvsd.core.engine.ShadowTable.Open;
import io.lvsd.core.engine.ShadowTable.Side;
import io.lvsd.core.model.RsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.TableDifference.Subject;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.view.ShadowReport.Delay;
import io.lvsd.core.view.ShadowReport.Delays;
import io.lvsd.core.view.ShadowReport.Past;
import io.lvsd.core.view.ShadowReport.Server;
import io.lvsd.core.view.StatusReport.Difference;
import io.lvsd.core.view.StatusReport.Shadow;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Reports on shadow mode. Pure. */
public final class ShadowReports {
    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();
    private static final double PERCENT = 100;

    private final StatusInput in;
    private final ShadowTable table;
    private final ShadowCauses causes;
    private final Map<ServiceKey, String> virtualServers = new HashMap<>();
    /** Monotonic nanoseconds. */
    private final long from;

    private ShadowReports(StatusInput in, ShadowTable table, Instant since) {
        this.in = in;
        this.table = table;
        this.causes = new ShadowCauses(in);
        for (VirtualServerConfig server : in.state().config().virtualServers()) {
            Translation.keys(server)
                    .forEach(key -> virtualServers.put(key, server.id().text()));
        }
        this.from = in.now().nanos() - Duration.between(since, in.now().wall()).toNanos();
    }

    /** Present differences; empty if the daemon does not run in shadow mode. */
    static Optional<Shadow> status(StatusInput in) {
        return in.state()
                .table()
                .shadow()
                .map(table -> new Shadow(other(in), new ShadowReports(in, table, start(in)).open()));
    }

    /**
     * The summary; empty if the daemon does not run in shadow mode.
     *
     * @param since earlier differences are left out; empty: since the start of the daemon
     */
    public static Optional<ShadowReport> of(StatusInput in, Optional<Instant> since) {
        Instant from = since.filter(start(in)::isBefore).orElse(start(in));
        return in.state().table().shadow().map(table -> new ShadowReports(in, table, from).report(from));
    }

    private static Instant start(StatusInput in) {
        return in.info().started();
    }

    static String other(StatusInput in) {
        return in.driver().shadowOf().orElse("another program");
    }

    private ShadowReport report(Instant since) {
        List<Closed> closed =
                table.closed().stream().filter(c -> c.at() - from >= 0).toList();
        List<Server> servers = servers(closed);
        double agreement =
                servers.stream().mapToDouble(Server::agreement).average().orElse(PERCENT);
        return new ShadowReport(
                in.now().wall(),
                since,
                other(in),
                hundredths(agreement),
                new Delays(
                        delay(closed, Direction.OUT, Side.OTHER),
                        delay(closed, Direction.OUT, Side.LVSD),
                        delay(closed, Direction.IN, Side.OTHER),
                        delay(closed, Direction.IN, Side.LVSD)),
                servers,
                open(),
                closed.stream().filter(c -> !c.isFollowed()).map(this::alone).toList());
    }

    private static double hundredths(double value) {
        return Math.round(value * PERCENT) / PERCENT;
    }

    private static Delay delay(List<Closed> closed, Direction direction, Side first) {
        List<Double> seconds = closed.stream()
                .filter(c -> c.isFollowed()
                        && c.opened().first() == first
                        && c.opened().direction() == direction)
                .map(c -> (c.at() - c.opened().since()) / NANOS_PER_SECOND)
                .sorted()
                .toList();
        return seconds.isEmpty()
                ? new Delay(0, Optional.empty(), Optional.empty())
                : new Delay(
                        seconds.size(),
                        Optional.of(hundredths(seconds.get(seconds.size() / 2))),
                        Optional.of(hundredths(seconds.getLast())));
    }

    /** Each configured real server in each service. A difference of the service itself counts for all of them. */
    private List<Server> servers(List<Closed> closed) {
        List<Server> servers = new ArrayList<>();
        EngineState state = in.state();
        for (VirtualServerConfig config : state.config().virtualServers()) {
            for (ServiceKey key : Translation.keys(config)) {
                List<RsState> realServers =
                        state.server(config.id()).map(vs -> vs.realServers()).orElse(List.of());
                for (RsState rs : realServers) {
                    var destination = DesiredState.key(key, rs.config());
                    Predicate<Subject> about = s -> s.service().equals(key)
                            && s.destination().map(destination::equals).orElse(true);
                    servers.add(new Server(
                            config.id().text(),
                            key.toString(),
                            destination.toString(),
                            agreement(closed, about),
                            count(closed, about)));
                }
            }
        }
        return servers;
    }

    private int count(List<Closed> closed, Predicate<Subject> about) {
        return (int) (closed.stream()
                        .filter(c -> about.test(c.opened().difference().subject()))
                        .count()
                + table.open().stream()
                        .filter(o -> about.test(o.difference().subject()))
                        .count());
    }

    private double agreement(List<Closed> closed, Predicate<Subject> about) {
        long now = in.now().nanos();
        long differing = 0;
        for (Closed c : closed) {
            if (about.test(c.opened().difference().subject())) {
                differing += c.at() - latest(from, c.opened().since());
            }
        }
        for (Open o : table.open()) {
            if (about.test(o.difference().subject())) {
                differing += now - latest(from, o.since());
            }
        }
        long all = Math.max(1, now - from);
        return hundredths(PERCENT * Math.max(0, all - differing) / all);
    }

    private static long latest(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private List<Difference> open() {
        return table.open().stream()
                .sorted(Comparator.comparingLong(o -> o.since() - in.now().nanos()))
                .map(this::difference)
                .toList();
    }

    private Difference difference(Open open) {
        Subject subject = open.difference().subject();
        return new Difference(
                virtualServer(subject.service()),
                subject.service().toString(),
                subject.destination().map(Object::toString),
                word(open.difference().kind()),
                open.difference().wanted(),
                open.difference().actual(),
                word(open.first()),
                in.now().wall(open.since()),
                causes.of(open));
    }

    private String virtualServer(ServiceKey service) {
        return virtualServers.getOrDefault(service, service.toString());
    }

    private Past alone(Closed closed) {
        Open open = closed.opened();
        Subject subject = open.difference().subject();
        return new Past(
                virtualServer(subject.service()),
                subject.service().toString(),
                subject.destination().map(Object::toString),
                word(open.difference().kind()),
                word(open.first()),
                in.now().wall(open.since()),
                in.now().wall(closed.at()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
