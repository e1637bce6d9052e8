package io.lvsd.core.loop;

import io.lvsd.checkers.passive.PassiveChecks;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.checkers.schedule.ProbeScheduler;
import io.lvsd.core.engine.Effect;
import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.Step;
import io.lvsd.core.host.BootClock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The one thread that owns the engine's state. Everybody else posts events; readers get the state, which is immutable. */
public final class EngineLoop {
    private static final long TICK = Duration.ofMillis(250).toNanos();
    /** Time without a turn after which overdue probes are spread instead of made at once. */
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    /** Events between two looks at the clock. */
    private static final int MOST_AT_ONCE = 1_000;

    /** How long a probe waits for the service that it travels through. */
    private static final Duration PATH_WAIT = Duration.ofMillis(250);

    private static final long ALIVE = Duration.ofSeconds(5).toNanos();
    /** A pass, which mostly changes nothing, waits so long for the next turn instead of waking the engine. */
    private static final long SOON = Duration.ofMillis(40).toNanos();

    // fixed
    private final IpvsWriter writer;
    private final Prober prober;
    private final PassiveChecks watches;
    private final HostMonitor host;
    private final EventBus bus;

    // owned by the thread "engine"
    private final ProbeScheduler scheduler = new ProbeScheduler();
    private long lastTurn = System.nanoTime();
    private long nextTick = System.nanoTime();
    private long nextAlive = System.nanoTime();

    // shared: the queue and the latch by their own means, the state by being immutable
    private final Queue<Event> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    /** When it wakes up by itself, while it is asleep. */
    private volatile long wakesAt;

    private volatile @Nullable Thread engine;
    private final CountDownLatch exited = new CountDownLatch(1);
    private final Lateness lateness = new Lateness();
    private volatile EngineState state = EngineState.EMPTY;
    /** Guards {@link #waiting}, and is notified of each new state while somebody waits for one. */
    private final Object changed = new Object();

    private volatile int waiting;

    public EngineLoop(IpvsWriter writer, Prober prober, PassiveChecks watches, HostMonitor host, EventBus bus) {
        this.writer = writer;
        this.prober = prober;
        this.watches = watches;
        this.host = host;
        this.bus = bus;
    }

    /** The latest state. Any thread. */
    public EngineState state() {
        return state;
    }

    /** How late probes have started. Any thread. */
    public Lateness lateness() {
        return lateness;
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

    /** Tells the engine something. Any thread; never blocks. */
    public void post(Event event) {
        queue.add(event);
        wake();
    }

    /** Tells what a probe has said to those who asked. */
    private void told(List<CheckId> checks, ProbeReport report) {
        long now = System.nanoTime();
        checks.forEach(c -> queue.add(new Event.ProbeFinished(c, report, now)));
        if (!(report.outcome() instanceof ProbeResult.Passed) || wakesAt - now > SOON) {
            wake();
        }
    }

    private void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(engine);
        }
    }

    /** Waits for the end that a stop leads to; false if it has not come in time. */
    public boolean awaitExit(Duration timeout) throws InterruptedException {
        return exited.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs until the engine says exit. A bug in the engine comes out of here, and the table stays as it is. */
    public void run() throws InterruptedException {
        engine = Thread.currentThread();
        while (exited.getCount() > 0) {
            sleep();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            handleQueue();
            long now = System.nanoTime();
            if (now - nextTick >= 0) {
                nextTick = now + TICK;
                handle(new Event.Tick());
            }
            startProbes(now);
            noteAlive(now);
        }
    }

    /** Until somebody posts an event, or something is due. */
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

    /** What ended probes have told since the last time is one step. */
    private void handleQueue() {
        List<Event.ProbeFinished> finished = new ArrayList<>();
        for (int i = 0; i < MOST_AT_ONCE; i++) {
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
            handle(new Event.ProbesFinished(finished));
            finished.clear();
        }
    }

    private long untilNext(long now) {
        long tick = nextTick - now;
        return scheduler.next().isPresent() ? Math.min(tick, scheduler.next().getAsLong() - now) : tick;
    }

    private void handle(Event event) {
        Step step = Engine.step(state, event, System.nanoTime());
        state = step.state();
        if (waiting > 0) {
            synchronized (changed) {
                changed.notifyAll();
            }
        }
        step.effects().forEach(this::carryOut);
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.ReadTable() -> writer.read(this::post);
            case Effect.Apply(var plan) -> writer.apply(plan, this::post);
            case Effect.FirstProbe(var check, var key, var host, var warmup) ->
                scheduler.planFirst(check, key, host, System.nanoTime(), warmup);
            case Effect.NextProbe(var check, var key, long since, var delay) ->
                scheduler.plan(check, key, since, delay);
            case Effect.Hurry(var check) -> scheduler.hurry(check, System.nanoTime());
            case Effect.Watch(var check, var spec) ->
                watches.watch(check, spec, outcome -> post(new Event.ProbeFinished(check, outcome, System.nanoTime())));
            case Effect.ForgetCheck(var check) -> {
                scheduler.cancel(check);
                watches.forget(check);
                writer.remember(store -> store.removeResult(check));
            }
            case Effect.SuspendCheck(var check) -> {
                scheduler.cancel(check);
                watches.forget(check);
            }
            case Effect.SaveKernel(var journal) -> writer.remember(store -> store.kernel(journal));
            case Effect.PrepareSorry(var needs) -> host.prepare(needs);
            case Effect.SaveResult(var check, boolean up) -> writer.remember(store -> store.result(check, up));
            case Effect.SaveOverride(var server, var override) ->
                writer.remember(store -> store.override(server, override));
            case Effect.Own(var services) -> writer.remember(store -> store.own(services));
            case Effect.Disown(var services) -> writer.remember(store -> store.disown(services));
            case Effect.SaveRows(var rows) ->
                writer.remember(
                        store -> store.rows(rows, LocalDate.now(ZoneOffset.UTC).toEpochDay()));
            case Effect.Publish(var transition) -> bus.publish(transition);
            case Effect.Deliver(var delivery) -> bus.deliver(delivery);
            case Effect.Exit() -> exited.countDown();
        }
    }

    private void startProbes(long now) {
        if (now - lastTurn > PAUSE) {
            scheduler.spread(now);
        }
        lastTurn = now;
        List<Prober.Start> starts = new ArrayList<>();
        for (ProbeScheduler.Run run : scheduler.due(now)) {
            if (!Engine.mayProbe(state, run.key())) {
                run.checks().forEach(c -> scheduler.plan(c, run.key(), now, PATH_WAIT));
                continue;
            }
            lateness.add(run.lateness(), now);
            starts.add(new Prober.Start(run.key(), report -> told(run.checks(), report)));
        }
        if (!starts.isEmpty()) {
            prober.probe(starts);
        }
    }

    private void noteAlive(long now) {
        if (now - nextAlive >= 0 && state.phase() == EngineState.Phase.RUNNING) {
            nextAlive = now + ALIVE;
            BootClock boot = BootClock.now();
            writer.remember(store -> store.heartbeat(boot.id(), boot.uptimeMillis()));
        }
    }
}
