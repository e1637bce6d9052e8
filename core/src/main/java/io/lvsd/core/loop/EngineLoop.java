package io.lvsd.core.loop;

import io.lvsd.checkers.passive.PassiveChecks;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.checkers.schedule.ProbeScheduler;
import io.lvsd.core.engine.Effect;
import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.Step;
import io.lvsd.core.host.BootClock;
import io.lvsd.core.model.StoredResult;
import io.lvsd.core.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The thread that owns the engine's state. Other threads post events and read the state, which is immutable. */
public final class EngineLoop {
    private static final long TICK = Duration.ofMillis(250).toNanos();
    /** After a pause of this length overdue probes are spread over time instead of started together. */
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    /** Events that are handled before timers are checked again. */
    private static final int MAX_EVENTS = 1_000;

    /** How long a probe waits for the service that it goes through, before it is tried again. */
    private static final Duration PATH_WAIT = Duration.ofMillis(250);

    private static final long ALIVE = Duration.ofSeconds(5).toNanos();
    /** A result that changes nothing waits this long for the next round instead of waking the engine. */
    private static final long SOON = Duration.ofMillis(40).toNanos();

    // fixed
    private final IpvsWriter writer;
    private final Prober prober;
    private final PassiveChecks passiveChecks;
    private final HostMonitor host;
    private final EventBus bus;
    private final Telemetry telemetry;
    /** Days since 1970-01-01 in UTC. */
    private final LongSupplier today;

    // owned by the thread "engine"
    private final ProbeScheduler scheduler = new ProbeScheduler();
    private long lastRound = System.nanoTime();
    private long nextTick = System.nanoTime();
    private long nextAlive = System.nanoTime();
    private long day = Long.MIN_VALUE;
    /** What a step writes to the store, and has not been passed on yet. */
    private final List<Consumer<Store>> writes = new ArrayList<>();

    // shared: the queue and the latch are thread-safe, the state is immutable
    private final Queue<Event> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    /** When the engine thread wakes up by itself, while it sleeps; monotonic nanoseconds. */
    private volatile long wakesAt;

    private volatile @Nullable Thread engine;
    private final CountDownLatch exited = new CountDownLatch(1);
    private final Lateness lateness = new Lateness();
    private final ProbeHistory history = new ProbeHistory();
    private volatile EngineState state = EngineState.EMPTY;
    /** Guards {@link #waiting}, and is notified of each new state while a thread waits for one. */
    private final Object changed = new Object();

    private volatile int waiting;
    /** When the engine last completed a round; monotonic nanoseconds. */
    private volatile long progressAt = System.nanoTime();

    private volatile OptionalLong overdueAt = OptionalLong.empty();

    public EngineLoop(
            IpvsWriter writer,
            Prober prober,
            PassiveChecks passiveChecks,
            HostMonitor host,
            EventBus bus,
            Telemetry telemetry) {
        this(
                writer,
                prober,
                passiveChecks,
                host,
                bus,
                telemetry,
                () -> LocalDate.now(ZoneOffset.UTC).toEpochDay());
    }

    /** @param today days since 1970-01-01 in UTC */
    EngineLoop(
            IpvsWriter writer,
            Prober prober,
            PassiveChecks passiveChecks,
            HostMonitor host,
            EventBus bus,
            Telemetry telemetry,
            LongSupplier today) {
        this.writer = writer;
        this.prober = prober;
        this.passiveChecks = passiveChecks;
        this.host = host;
        this.bus = bus;
        this.telemetry = telemetry;
        this.today = today;
    }

    /** The latest state. Any thread. */
    public EngineState state() {
        return state;
    }

    /** How late probes have started. Any thread. */
    public Lateness lateness() {
        return lateness;
    }

    /** The last probes of each check. Any thread. */
    public ProbeHistory history() {
        return history;
    }

    /** When the engine last completed a round, which takes a quarter of a second if nothing happens; monotonic nanoseconds. */
    public long progressAt() {
        return progressAt;
    }

    /** When the next probe is overdue if it has not started by then; monotonic nanoseconds. Any thread. */
    public OptionalLong overdueAt() {
        return overdueAt;
    }

    /**
     * Waits until the state meets a condition. Any thread but the engine's own.
     *
     * @return false if it does not within the timeout
     */
    public boolean await(Predicate<EngineState> condition, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (changed) {
            waiting++;
            try {
                while (!condition.test(state)) {
                    long left = end - System.nanoTime();
                    if (left <= 0) {
                        return false;
                    }
                    TimeUnit.NANOSECONDS.timedWait(changed, left);
                }
                return true;
            } finally {
                waiting--;
            }
        }
    }

    /** Posts an event to the engine. Any thread; never blocks. */
    public void post(Event event) {
        queue.add(event);
        wake();
    }

    /** Posts the result of a probe for each check that shares it. */
    private void probeFinished(ProbeScheduler.Run run, ProbeReport report) {
        long now = System.nanoTime();
        for (CheckId check : run.checks()) {
            queue.add(new Event.ProbeFinished(check, report, now));
        }
        boolean isRoutine = run.routine().filter(report.result()::equals).isPresent();
        if (wakesAt - now > SOON || !isRoutine) {
            wake();
        }
    }

    private void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(engine);
        }
    }

    /** Waits until the engine has stopped; false if it has not within the timeout. */
    public boolean awaitExit(Duration timeout) throws InterruptedException {
        return exited.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs until the engine exits. An exception from the engine is thrown here, and the table is not changed. */
    public void run() throws InterruptedException {
        engine = Thread.currentThread();
        nextTick = System.nanoTime();
        while (exited.getCount() > 0) {
            sleep();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            handleQueue();
            long now = System.nanoTime();
            if (now - nextTick >= 0) {
                telemetry.ticked(Duration.ofNanos(now - nextTick));
                nextTick = now + TICK;
                handle(new Event.Tick(Instant.now()));
            }
            startProbes(now);
            storeAlive(now);
            overdueAt = scheduler.overdueAt();
            progressAt = System.nanoTime();
        }
    }

    /** Sleeps until an event is posted or a timer is due. */
    private void sleep() {
        long now = System.nanoTime();
        long nanos = untilNext(now);
        if (nanos <= 0) {
            return;
        }
        wakesAt = now + nanos;
        asleep.set(true);
        if (queue.isEmpty()) {
            LockSupport.parkNanos(this, nanos);
        }
        asleep.set(false);
    }

    /** All results of probes that ended since the last round are one step. */
    private void handleQueue() {
        List<Event.ProbeFinished> finished = new ArrayList<>();
        for (int i = 0; i < MAX_EVENTS; i++) {
            Event event = queue.poll();
            if (event instanceof Event.ProbeFinished one) {
                finished.add(one);
                continue;
            }
            handleFinished(finished);
            if (event == null) {
                return;
            }
            handle(event);
        }
        handleFinished(finished);
    }

    private void handleFinished(List<Event.ProbeFinished> finished) {
        if (!finished.isEmpty()) {
            for (Event.ProbeFinished probe : finished) {
                history.finished(probe.check(), probe.report(), probe.at());
                telemetry.probeFinished(probe.check(), probe.report());
            }
            handle(new Event.ProbesFinished(finished));
            finished.clear();
        }
    }

    private long untilNext(long now) {
        long tick = nextTick - now;
        return scheduler.next().isPresent() ? Math.min(tick, scheduler.next().getAsLong() - now) : tick;
    }

    private void handle(Event event) {
        long start = System.nanoTime();
        Step step = Engine.step(state, event, start);
        state = step.state();
        if (waiting > 0) {
            synchronized (changed) {
                changed.notifyAll();
            }
        }
        for (Turn turn : Turn.values()) {
            step.effects().stream().filter(effect -> turn(effect) == turn).forEach(this::carryOut);
            passWritesOn();
        }
        telemetry.handled(event, Duration.ofNanos(System.nanoTime() - start));
    }

    /** The order in which the effects of a step are carried out; those of one turn remain in the order of the step. */
    private enum Turn {
        /** What a later run must find if this one is killed when the table has changed. */
        STORE,
        /** Before log lines, notifications and probes, which can wait: a failed server must not. */
        TABLE,
        REST
    }

    private static Turn turn(Effect effect) {
        return switch (effect) {
            case Effect.ForgetCheck _,
                    Effect.SaveResult _,
                    Effect.SaveQuorum _,
                    Effect.ForgetQuorum _,
                    Effect.SaveOverride _,
                    Effect.SaveMaintenance _,
                    Effect.SaveRows _,
                    Effect.SaveUse _,
                    Effect.SaveKernel _,
                    Effect.Own _,
                    Effect.Disown _ -> Turn.STORE;
            case Effect.Apply _, Effect.ReadTable _, Effect.PrepareSorry _, Effect.UseSorry _ -> Turn.TABLE;
            case Effect.FirstProbe _,
                    Effect.NextProbe _,
                    Effect.Hurry _,
                    Effect.Watch _,
                    Effect.SuspendCheck _,
                    Effect.Publish _,
                    Effect.Deliver _,
                    Effect.Exit _ -> Turn.REST;
        };
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.ReadTable(var scope) -> writer.read(scope, this::post);
            case Effect.Apply(var plan) -> writer.apply(plan, this::post);
            case Effect.FirstProbe(var check, var key, var host, var warmup) ->
                history.planned(check, scheduler.planFirst(check, key, host, System.nanoTime(), warmup));
            case Effect.NextProbe(var check, var key, long since, var delay, var routine) ->
                history.planned(check, scheduler.plan(check, key, since, delay, routine));
            case Effect.Hurry(var check) -> scheduler.hurry(check, System.nanoTime());
            case Effect.Watch(var check, var spec) ->
                passiveChecks.start(
                        check, spec, result -> post(new Event.ProbeFinished(check, result, System.nanoTime())));
            case Effect.ForgetCheck(var check) -> {
                scheduler.cancel(check);
                passiveChecks.stop(check);
                history.forget(check);
                telemetry.checkRemoved(check);
                store(store -> store.removeResult(check));
            }
            case Effect.SuspendCheck(var check) -> {
                scheduler.cancel(check);
                history.suspended(check);
                passiveChecks.stop(check);
            }
            case Effect.SaveKernel(var journal) -> store(store -> store.kernel(journal));
            case Effect.PrepareSorry(var needs) -> host.prepare(needs);
            case Effect.UseSorry(var service, var addresses) -> host.use(service, addresses);
            case Effect.SaveResult(var check, boolean up, var reason, long at) ->
                store(store -> store.result(check, stored(up, reason, at)));
            case Effect.SaveQuorum(var server, boolean up, long at) ->
                store(store -> store.quorum(server, stored(up, "", at)));
            case Effect.ForgetQuorum(var server) -> store(store -> store.removeQuorum(server));
            case Effect.SaveOverride(var server, var override) -> store(store -> store.override(server, override));
            case Effect.SaveMaintenance(var server, var entry) -> store(store -> store.maintenance(server, entry));
            case Effect.Own(var services) -> store(store -> store.own(services));
            case Effect.Disown(var services) -> store(store -> store.disown(services));
            case Effect.SaveRows(var rows) -> {
                long day = today.getAsLong();
                store(store -> store.rows(rows, day));
            }
            case Effect.SaveUse(var used, long day) -> store(store -> store.rowsUsed(used, day));
            case Effect.Publish(var event) -> bus.publish(event);
            case Effect.Deliver(var notification) -> bus.deliver(notification);
            case Effect.Exit() -> exited.countDown();
        }
    }

    private void store(Consumer<Store> write) {
        writes.add(write);
    }

    /** Everything that a step writes to the store is one write to its file, also after the failure of many servers. */
    private void passWritesOn() {
        if (!writes.isEmpty()) {
            List<Consumer<Store>> all = List.copyOf(writes);
            writes.clear();
            writer.store(store -> store.together(all));
        }
    }

    private static StoredResult stored(boolean up, String reason, long at) {
        BootClock boot = BootClock.now();
        return new StoredResult(up, reason, boot.id(), boot.millisAt(at));
    }

    private void startProbes(long now) {
        if (now - lastRound > PAUSE) {
            scheduler.spread(now, history::planned);
        }
        lastRound = now;
        List<Prober.Start> starts = new ArrayList<>();
        for (ProbeScheduler.Run run : scheduler.due(now)) {
            if (!Engine.mayProbe(state, run.key())) {
                run.checks()
                        .forEach(c -> history.planned(c, scheduler.plan(c, run.key(), now, PATH_WAIT, run.routine())));
                continue;
            }
            lateness.add(run.lateness(), now);
            telemetry.probeStarted(Duration.ofNanos(run.lateness()));
            starts.add(new Prober.Start(run.key(), report -> probeFinished(run, report)));
        }
        if (!starts.isEmpty()) {
            prober.probe(starts);
        }
    }

    private void storeAlive(long now) {
        if (now - nextAlive >= 0 && state.phase() == EngineState.Phase.RUNNING) {
            nextAlive = now + ALIVE;
            BootClock boot = BootClock.now();
            writer.store(store -> store.heartbeat(boot.id(), boot.uptimeMillis()));
            dayBegan(today.getAsLong());
        }
    }

    /** The first time after the start, and then once a day. */
    private void dayBegan(long now) {
        if (now != day) {
            day = now;
            writer.store(store -> post(new Event.DayBegan(now, store.state().expiredRows(now))));
        }
    }
}
