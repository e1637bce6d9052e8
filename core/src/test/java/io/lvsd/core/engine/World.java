package io.lvsd.core.engine;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.engine.StoredResults.Former;
import io.lvsd.core.loop.TableRound;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.MaintenanceEntry;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.FakeIpvs;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The engine with a fake kernel and a manual clock: what the shell does, without threads. */
public final class World {
    static final Instant EPOCH = Instant.parse("2027-03-01T00:00:00Z");

    public final FakeIpvs kernel;
    final List<DaemonEvent> events = new ArrayList<>();
    final List<Notification> delivered = new ArrayList<>();
    final Map<CheckId, Duration> planned = new HashMap<>();
    final Set<CheckId> watched = new HashSet<>();
    final Set<ServiceKey> owned = new HashSet<>();
    final Map<CheckId, Effect.SaveResult> results = new HashMap<>();
    final Map<VsId, Effect.SaveQuorum> quorums = new HashMap<>();
    final Map<RsRef, RsOverride> overrides = new HashMap<>();
    final Map<VsId, MaintenanceEntry> maintenance = new HashMap<>();
    /** The listeners of the built-in sorry server that clients of each service are directed to. */
    final Map<ServiceKey, Set<InetSocketAddress>> usedSorry = new HashMap<>();

    KernelJournal journal = KernelJournal.NONE;
    RowNumbers rows = RowNumbers.NONE;
    /** The rows that were in use at the last begin of a day. */
    RowNumbers usedRows = RowNumbers.NONE;

    boolean exited;
    /** Whether another program maintains the table. */
    public boolean shadow;
    /** The result of a test of a local sorry server. */
    String sorryFailure = "";

    /** Sees each effect before it is carried out. */
    public Consumer<Effect> observer = _ -> {};

    /** Sees each step before its effects are carried out. */
    interface Steps {
        void seen(EngineState before, Event event, long now, Step step);
    }

    Steps steps = (_, _, _, _) -> {};

    public EngineState state = EngineState.EMPTY;
    private final Queue<Event> queue = new ArrayDeque<>();
    private long now = 1_000_000_000L;

    /** The CPU time between two looks at the clock, in nanoseconds: with 25 ms, the table is read one service at a time. */
    long cpuStep = 500;

    private long cpuNanos;
    private final TableRound round;

    public World(FakeIpvs kernel) {
        this.kernel = kernel;
        this.round = new TableRound(kernel, () -> cpuNanos += cpuStep);
    }

    public World() {
        this(new FakeIpvs());
    }

    /** A real server with a TCP_CHECK that tolerates one failure. */
    public static String rs(String address, String lines) {
        return " real_server " + address.replace(":", " ") + " {\n  TCP_CHECK {\n   retry 1\n  }\n  " + lines
                + "\n }\n";
    }

    /** A virtual server 10.0.0.1:80 with these lines and real servers. */
    public static String vs(String lines, String... servers) {
        return "virtual_server 10.0.0.1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n " + lines + "\n"
                + String.join("", servers) + "}\n";
    }

    public static DaemonConfig config(String text) {
        try {
            Path file = Files.createTempFile("world", ".conf");
            Files.writeString(file, text);
            ConfigLoader.Loaded loaded = ConfigLoader.load(file);
            Files.delete(file);
            if (loaded.hasErrors()) {
                throw new AssertionError(loaded.problems());
            }
            return loaded.config();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public World start(String config) {
        return start(config, HostFacts.NONE);
    }

    public World start(String config, HostFacts host) {
        send(started(config, host));
        return this;
    }

    /** The event of a start. */
    Event.Started started(String config) {
        return started(config, HostFacts.NONE);
    }

    private Event.Started started(String config, HostFacts host) {
        DaemonConfig loaded = config(config);
        return new Event.Started(
                loaded,
                kernel.read(),
                trusted(),
                Map.of(),
                Map.copyOf(overrides),
                Map.copyOf(maintenance),
                Set.copyOf(owned),
                journal,
                rows,
                host,
                tested(Engine.sorryBackends(loaded, host)),
                shadow,
                time());
    }

    private StoredResults.Trusted trusted() {
        Map<CheckId, Former> checks = new HashMap<>();
        results.forEach((id, r) -> checks.put(id, new Former(r.up(), r.reason(), Duration.ofNanos(now - r.at()))));
        Map<VsId, Former> servers = new HashMap<>();
        quorums.forEach((id, q) -> servers.put(id, new Former(q.up(), "", Duration.ofNanos(now - q.at()))));
        return new StoredResults.Trusted(checks, servers);
    }

    /** Another run of the daemon on the same kernel, with the store of the last one. */
    World startAgain(boolean trusting) {
        World next = new World(kernel);
        next.owned.addAll(owned);
        next.rows = rows;
        next.overrides.putAll(overrides);
        next.maintenance.putAll(maintenance);
        next.journal = journal;
        next.now = now;
        if (trusting) {
            next.results.putAll(results);
            next.quorums.putAll(quorums);
        }
        return next;
    }

    private Map<SorryBackend, String> tested(Set<SorryBackend> needs) {
        Map<SorryBackend, String> results = new HashMap<>();
        needs.forEach(n -> results.put(n, sorryFailure));
        return results;
    }

    public long now() {
        return now;
    }

    /** The wall clock. */
    public Instant time() {
        return EPOCH.plusNanos(now);
    }

    public void send(Event event) {
        queue.add(event);
        while (!queue.isEmpty()) {
            Event next = queue.remove();
            EngineState before = state;
            Step step = Engine.step(before, next, now);
            steps.seen(before, next, now, step);
            state = step.state();
            step.effects().forEach(this::carryOut);
        }
    }

    private void carryOut(Effect effect) {
        observer.accept(effect);
        switch (effect) {
            case Effect.ReadTable(var scope) -> queue.add(round.read(scope));
            case Effect.Apply(Plan plan) -> queue.add(new Event.Applied(plan, apply(plan)));
            case Effect.FirstProbe(var check, var _, var _, var warmup) -> planned.put(check, warmup);
            case Effect.NextProbe(var check, var _, long since, var delay, var _) ->
                planned.put(check, delay.minusNanos(now - since));
            case Effect.Hurry(var check) -> planned.put(check, Duration.ZERO);
            case Effect.Watch(var check, var _) -> watched.add(check);
            case Effect.ForgetCheck(var check) -> {
                watched.remove(check);
                planned.remove(check);
                results.remove(check);
            }
            case Effect.SuspendCheck(var check) -> {
                watched.remove(check);
                planned.remove(check);
            }
            case Effect.SaveKernel(var noted) -> journal = noted;
            case Effect.PrepareSorry(var needs) -> queue.add(new Event.SorryChecked(tested(needs)));
            case Effect.UseSorry(var service, var addresses) -> usedSorry.put(service, addresses);
            case Effect.SaveResult result -> results.put(result.check(), result);
            case Effect.SaveQuorum quorum -> quorums.put(quorum.server(), quorum);
            case Effect.ForgetQuorum(var server) -> quorums.remove(server);
            case Effect.SaveOverride(var server, var override) -> {
                if (override.isNone()) {
                    overrides.remove(server);
                } else {
                    overrides.put(server, override);
                }
            }
            case Effect.SaveMaintenance(var server, var entry) ->
                entry.ifPresentOrElse(e -> maintenance.put(server, e), () -> maintenance.remove(server));
            case Effect.Own(var services) -> owned.addAll(services);
            case Effect.Disown(var services) -> owned.removeAll(services);
            case Effect.SaveRows(var numbers) -> rows = numbers;
            case Effect.SaveUse(var used, long _) -> usedRows = used;
            case Effect.Publish(var transition) -> events.add(transition);
            case Effect.Deliver(var delivery) -> delivered.add(delivery);
            case Effect.Exit() -> exited = true;
        }
    }

    private List<Event.Result> apply(Plan plan) {
        List<Event.Result> results = new ArrayList<>();
        List<ApplyResult> added = send(plan.adds(), results);
        send(plan.removalsAfter(added), results);
        return results;
    }

    private List<ApplyResult> send(List<IpvsCommand> commands, List<Event.Result> results) {
        List<ApplyResult> outcome = kernel.apply(commands);
        for (int i = 0; i < commands.size(); i++) {
            results.add(new Event.Result(commands.get(i), outcome.get(i)));
        }
        return outcome;
    }

    public void reload(String config) {
        send(new Event.Reloaded(config(config)));
    }

    /** An operator overrides a real server in all its virtual servers. */
    public void operator(String rs, UnaryOperator<RsOverride> override) {
        List.copyOf(state.servers().values())
                .forEach(vs -> vs.realServers().stream()
                        .filter(r -> r.config().id().toString().equals(rs))
                        .forEach(r -> send(new Event.Overridden(
                                new RsRef(vs.config().id(), r.config().id()), override.apply(r.override()), "test"))));
    }

    /** Time passes while the daemon is stopped. */
    void skip(Duration time) {
        now += time.toNanos();
    }

    /** Lets time pass, with the ticks that belong to it. */
    public void pass(Duration time) {
        long end = now + time.toNanos();
        while (now < end) {
            now = Math.min(end, now + Duration.ofMillis(250).toNanos());
            send(new Event.Tick(time()));
        }
    }

    public List<CheckId> checks(String rs) {
        return state.servers().values().stream()
                .flatMap(vs -> vs.realServers().stream())
                .filter(r -> r.config().id().toString().equals(rs))
                .flatMap(r -> r.checks().stream())
                .map(c -> c.id())
                .toList();
    }

    /** All checks of all real servers. */
    public List<CheckId> checksOfAll() {
        return List.copyOf(CheckActivation.ids(state.servers().values()));
    }

    /** A probe of a check ends now. */
    public void report(CheckId check, ProbeResult outcome) {
        send(new Event.ProbeFinished(check, outcome, now));
    }

    /** All checks of a real server pass once. */
    public void passes(String rs) {
        checks(rs).forEach(c -> report(c, ProbeResult.Passed.plain()));
    }

    /** The agent of a real server replies. */
    void agent(String rs, String reply) {
        checks(rs).stream()
                .filter(c -> c.kind().equals("agent"))
                .forEach(c -> report(c, new ProbeResult.Passed(AgentReply.parse(reply))));
    }

    /** All checks of a real server fail, often enough to be down. */
    public void fails(String rs) {
        fails(rs, Reason.CONNECT_REFUSED, "");
    }

    /** All checks of a real server fail, often enough to be down, with a reason. */
    void fails(String rs, Reason reason, String detail) {
        checks(rs).forEach(c -> {
            for (int i = 0; i < 3; i++) {
                report(c, new ProbeResult.Failed(reason, detail));
            }
        });
    }

    /** The kernel's table as {@code service [destination=weight, …]}, sorted. */
    String table() {
        Map<String, Map<String, Long>> table = new TreeMap<>();
        kernel.read().services().forEach((key, service) -> {
            Map<String, Long> destinations = new TreeMap<>();
            service.destinations()
                    .forEach((d, s) -> destinations.put(d.toString(), s.config().weight()));
            table.put(key.toString(), destinations);
        });
        return table.toString();
    }

    ServiceState service(ServiceKey key) {
        return Objects.requireNonNull(kernel.read().services().get(key), key::toString);
    }

    long weight(ServiceKey key, DestinationKey destination) {
        return Objects.requireNonNull(service(key).destinations().get(destination), destination::toString)
                .config()
                .weight();
    }

    boolean hasEvent(String name) {
        return events.stream().anyMatch(t -> t.name().equals(name));
    }
}
