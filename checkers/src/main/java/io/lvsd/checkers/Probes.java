package io.lvsd.checkers;

import io.lvsd.checkers.clock.ClockEvent;
import io.lvsd.checkers.clock.PauseWatch;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.checkers.script.ScriptRunner;
import io.lvsd.checkers.tls.TlsAlgorithms;
import io.lvsd.checkers.transport.Attempt;
import io.lvsd.checkers.transport.Attempts;
import io.lvsd.checkers.transport.ProbeLoop;
import io.lvsd.checkers.transport.ProbeResources;
import io.lvsd.checkers.transport.ViaVipRouting;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.MiscCheck;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Carries out all probes: those over the network on event loops, scripts as processes. Thread-safe. */
public final class Probes implements Prober {
    /** So many probes start on one loop before another one is used. */
    private static final int BATCH = 32;

    private static final int SCRIPTS = 64;

    static {
        TlsAlgorithms.prepare();
    }

    private final PauseWatch pauses;
    private final MultiThreadIoEventLoopGroup group;
    private final List<ProbeLoop> loops = new ArrayList<>();
    private final ScriptRunner scripts;
    private final ViaVipRouting viaVip = new ViaVipRouting(Path.of("/proc/sys"));

    /**
     * Starts the threads; without a probe they do nothing.
     *
     * @param threads event loops, 1 or more
     * @param clock called, on a thread of its own, after this process was paused for more than a second and after the system
     *     clock was set
     */
    public Probes(int threads, Consumer<ClockEvent> clock) {
        pauses = PauseWatch.start(clock);
        scripts = new ScriptRunner(SCRIPTS, pauses);
        group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("probe", true), EpollIoHandler.newFactory());
        ProbeResources resources = new ProbeResources();
        for (int i = 0; i < threads; i++) {
            // The thread is created now, not by the first probe, when the host may have none left.
            loops.add(ProbeLoop.start(group.next(), pauses, resources));
        }
    }

    /** Whether scripts that users other than root can change are refused; their checks fail then. */
    public void scriptSecurity(boolean on) {
        scripts.security(on);
    }

    @Override
    public void probe(List<Start> starts) {
        List<Function<ProbeLoop, Attempt>> attempts = new ArrayList<>(starts.size());
        for (Start start : starts) {
            switch (start.key().spec()) {
                case MiscCheck misc -> scripts.run(misc, start.done());
                case CheckSpec.Remote remote
                when remote.target().realServer().isPresent() -> addViaVip(remote, start, attempts);
                case CheckSpec.Remote remote ->
                    attempts.add(loop -> Attempts.of(loop, remote, start.key(), start.done()));
            }
        }
        distribute(attempts);
    }

    private void addViaVip(CheckSpec.Remote spec, Start start, List<Function<ProbeLoop, Attempt>> attempts) {
        ViaVipRouting.Route route = viaVip.route(spec.target(), System.nanoTime());
        if (route.problem().isEmpty()) {
            CheckSpec.Remote bound = route.source()
                    .map(source -> spec.withTarget(spec.target().from(source)))
                    .orElse(spec);
            attempts.add(loop -> Attempts.of(loop, bound, start.key(), start.done()));
        } else {
            start.done().accept(new ProbeReport(new Inconclusive("via_vip: " + route.problem()), Duration.ZERO));
        }
    }

    private void distribute(List<Function<ProbeLoop, Attempt>> attempts) {
        int used = Math.clamp((attempts.size() + BATCH - 1) / BATCH, 1, loops.size());
        int share = (attempts.size() + used - 1) / used;
        for (int i = 0; i < used && share > 0; i++) {
            List<Function<ProbeLoop, Attempt>> part =
                    attempts.subList(Math.min(attempts.size(), i * share), Math.min(attempts.size(), (i + 1) * share));
            if (!part.isEmpty()) {
                loops.get(i).start(part);
            }
        }
    }

    /** The number of event loops. */
    public int loops() {
        return loops.size();
    }

    /**
     * Makes one probe on a certain event loop, to test the loop.
     *
     * @param loop 0 to {@link #loops} - 1
     * @param done called exactly once, on the thread of the loop
     */
    public void probeOn(int loop, CheckSpec.Remote spec, Consumer<ProbeReport> done) {
        loops.get(loop).start(List.of(l -> Attempts.of(l, spec, new ProbeKey(spec, 0), done)));
    }

    /** Loads the code of the most common probes, so that the first real ones are not delayed by that. Blocks. */
    public void warmUp() {
        WarmUp.run(this);
    }

    /** Whether this process was paused since a time of {@link System#nanoTime}. Any thread. */
    public boolean pausedSince(long nanos) {
        return pauses.since(nanos);
    }

    @Override
    public void close() {
        scripts.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        pauses.close();
    }
}
