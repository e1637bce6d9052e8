package io.lvsd.checkers.script;

import io.lvsd.checkers.clock.PauseWatch;
import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Processes;
import io.lvsd.ipvs.ffm.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs check scripts, a limited number at the same time. Each has a session and process group of its own, which gets SIGTERM at
 * its deadline and SIGKILL two seconds later, and is killed when this process ends.
 */
public final class ScriptRunner implements AutoCloseable {
    /** Of a wait status, wait(2): the number of the signal that ended the program, and the exit status. */
    private static final int SIGNAL = 0x7f;

    private static final int STATUS = 0xff;
    private static final int STATUS_AT = 8;
    /** Names of the signals from 1 on, signal(7). */
    private static final List<String> SIGNALS = List.of(
            ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN"
                            + " TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS")
                    .split(" "));

    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final Duration KILL_DELAY = Duration.ofSeconds(2);

    private final PauseWatch pauses;
    /** Starts scripts and waits for them; its threads live as long as this object, because a script is killed with its thread. */
    private final ExecutorService runners;

    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("script-clock").daemon().factory());
    private volatile boolean security;
    private final Set<Integer> running = ConcurrentHashMap.newKeySet();

    /** @param limit scripts that run at the same time, 1 or more; others wait */
    public ScriptRunner(int limit, PauseWatch pauses) {
        this.pauses = pauses;
        // The thread is created now, not by the first script, when the host may have none left.
        int _ = clock.prestartAllCoreThreads();
        this.runners = Executors.newFixedThreadPool(
                limit, Thread.ofPlatform().name("script-", 0).daemon().factory());
    }

    /** Whether scripts that users other than root can change are refused. */
    public void security(boolean on) {
        security = on;
    }

    public void run(MiscCheck spec, Consumer<ProbeReport> done) {
        long requested = System.nanoTime();
        try {
            runners.execute(() -> runNow(spec, requested, done));
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            // The threads are created by the first scripts; this host may have none left.
            done.accept(new ProbeReport(
                    new Inconclusive("cannot create a thread: " + e.getMessage()),
                    Duration.ofNanos(System.nanoTime() - requested)));
        }
    }

    private void runNow(MiscCheck spec, long requested, Consumer<ProbeReport> done) {
        ProbeResult result;
        try {
            result = run(spec);
        } catch (OutOfMemoryError e) {
            // Also if the JDK cannot create the thread that waits for a process.
            result = new Inconclusive("out of memory or threads: " + e.getMessage());
        }
        done.accept(new ProbeReport(result, Duration.ofNanos(System.nanoTime() - requested)));
    }

    private ProbeResult run(MiscCheck spec) {
        long start = System.nanoTime();
        String program = spec.argv().getFirst();
        Optional<String> problem = ScriptSafety.refusal(program, security);
        if (problem.isPresent()) {
            return new Failed(Reason.SCRIPT, "'" + program + "' " + problem.get());
        }
        int group;
        try {
            ScriptProcesses.Command command = ScriptProcesses.command(spec.argv(), spec.user());
            group = Spawn.start(command.argv(), command.environment());
        } catch (ScriptProcesses.ForeignUserException e) {
            return new Failed(Reason.SCRIPT, "cannot be started: " + e.getMessage());
        }
        if (group < 0) {
            // No process or memory: a problem of this host.
            return new Inconclusive("cannot be started: " + reason(-group));
        }
        running.add(group);
        int status = await(group, spec.timeout());
        boolean late = System.nanoTime() - start >= spec.timeout().toNanos();
        if (late && pauses.since(start)) {
            return new Inconclusive("this process was paused");
        }
        return late
                ? new Failed(
                        Reason.SCRIPT_TIMEOUT, "timeout after " + spec.timeout().toMillis() + " ms, killed")
                : result(status, spec.dynamic());
    }

    private static String reason(int errno) {
        return errno == Errno.EAGAIN.number() ? "no process can be created (EAGAIN)" : Errno.describe(errno);
    }

    /** Returns the wait status. Kills the rest of the process group before its number can be used again. */
    private int await(int group, Duration timeout) {
        List<ScheduledFuture<?>> signals = new ArrayList<>();
        try {
            signals.add(signal(group, SIGTERM, timeout));
            signals.add(signal(group, SIGKILL, timeout.plus(KILL_DELAY)));
        } catch (RejectedExecutionException _) {
            ScriptProcesses.end(group, SIGKILL);
        }
        int _ = Processes.awaitEnd(group);
        signals.forEach(s -> s.cancel(false));
        ScriptProcesses.end(group, SIGKILL);
        // After that, another process may get the number.
        running.remove(group);
        return Processes.reap(group);
    }

    private ScheduledFuture<?> signal(int group, int signal, Duration after) {
        return clock.schedule(() -> ScriptProcesses.end(group, signal), after.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @param waitStatus of waitpid(2), or {@code -errno} */
    private static ProbeResult result(int waitStatus, boolean dynamic) {
        if (waitStatus < 0) {
            return new Inconclusive("its end is not known: " + Errno.describe(-waitStatus));
        }
        int signal = waitStatus & SIGNAL;
        if (signal != 0) {
            return Failed.mismatch(Reason.SCRIPT, "exit status 0", "signal " + signal + signalName(signal));
        }
        int status = waitStatus >> STATUS_AT & STATUS;
        if (status == 0) {
            return Passed.plain();
        }
        return dynamic && status >= 2
                ? new Passed(Optional.of(AgentReply.weight(status - 2L)))
                : Failed.mismatch(Reason.SCRIPT, "exit status 0", "exit status " + status);
    }

    private static String signalName(int number) {
        return number <= SIGNALS.size() ? " (SIG" + SIGNALS.get(number - 1) + ")" : "";
    }

    /** Ends all running scripts at once. */
    @Override
    public void close() {
        clock.shutdownNow();
        running.forEach(group -> ScriptProcesses.end(group, SIGTERM));
        try {
            long end = System.nanoTime() + KILL_DELAY.toNanos();
            while (!running.isEmpty() && System.nanoTime() - end < 0) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.forEach(group -> ScriptProcesses.end(group, SIGKILL));
        runners.shutdownNow();
    }
}
