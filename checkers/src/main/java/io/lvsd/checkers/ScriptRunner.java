package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Failed;
import io.lvsd.checkers.ProbeOutcome.Inconclusive;
import io.lvsd.checkers.ProbeOutcome.Passed;
import io.lvsd.checkers.ProbeOutcome.Reason;
import io.lvsd.conf.model.Question;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs programs, a bounded number at once, each in a session and process group of its own that is ended as a whole: by
 * SIGTERM at its deadline, by SIGKILL two seconds later. They die with this process.
 */
final class ScriptRunner implements AutoCloseable {
    /** How the JDK tells a death by a signal: 128 and its number, as a shell does. */
    private static final int SIGNALLED = 128;

    private static final int LAST_SIGNAL = 31;
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final PauseWatch pauses;
    /** Starts and waits; each of its threads lives as long as this, as a program dies with the thread that started it. */
    private final ExecutorService runners;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("script-clock").daemon().factory());
    private volatile boolean security;
    private final Map<Long, Process> running = new ConcurrentHashMap<>();

    /** @param limit programs that run at once, 1 or more; others wait */
    ScriptRunner(int limit, PauseWatch pauses) {
        this.pauses = pauses;
        this.runners = Executors.newFixedThreadPool(
                limit, Thread.ofPlatform().name("script-", 0).daemon().factory());
    }

    /** Whether programs that others than root could change are not run. */
    void security(boolean on) {
        security = on;
    }

    void run(Question.Misc question, Consumer<ProbeReport> done) {
        long asked = System.nanoTime();
        try {
            runners.execute(() -> runNow(question, asked, done));
        } catch (OutOfMemoryError | RejectedExecutionException e) {
            // The first scripts create the threads that run them; this host may have none left.
            done.accept(new ProbeReport(
                    new Inconclusive("no thread can be created: " + e.getMessage()),
                    Duration.ofNanos(System.nanoTime() - asked)));
        }
    }

    private void runNow(Question.Misc question, long asked, Consumer<ProbeReport> done) {
        ProbeOutcome outcome;
        try {
            outcome = outcome(question);
        } catch (OutOfMemoryError e) {
            // Of threads, too, which the JDK needs to wait for a process.
            outcome = new Inconclusive("out of memory or threads: " + e.getMessage());
        }
        done.accept(new ProbeReport(outcome, Duration.ofNanos(System.nanoTime() - asked)));
    }

    private ProbeOutcome outcome(Question.Misc question) {
        long start = System.nanoTime();
        String program = question.argv().getFirst();
        Optional<String> problem = ScriptSafety.refusal(program, security);
        if (problem.isPresent()) {
            return new Failed(Reason.SCRIPT, "'" + program + "' " + problem.get());
        }
        Process process;
        try {
            process = Programs.start(question.argv(), question.user());
        } catch (Programs.ForeignUserException e) {
            return new Failed(Reason.SCRIPT, "cannot be started: " + e.getMessage());
        } catch (IOException e) {
            // No processes, no descriptors: this host's trouble.
            return new Inconclusive("cannot be started: " + e.getMessage());
        }
        long group = process.pid();
        running.put(group, process);
        var term = clock.schedule(
                () -> Programs.end(group, SIGTERM), question.timeout().toMillis(), TimeUnit.MILLISECONDS);
        var kill = clock.schedule(
                () -> Programs.end(group, SIGKILL),
                question.timeout().plus(PATIENCE).toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            int status = process.waitFor();
            boolean late = System.nanoTime() - start >= question.timeout().toNanos();
            if (late && pauses.since(start)) {
                return new Inconclusive("this process did not run for a while");
            }
            return late
                    ? new Failed(
                            Reason.SCRIPT, "no end within " + question.timeout().toMillis() + " ms")
                    : judge(status, question.dynamic());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Inconclusive("stopping");
        } finally {
            term.cancel(false);
            kill.cancel(false);
            // What it left behind in its group goes with it.
            Programs.end(group, SIGKILL);
            running.remove(group);
        }
    }

    private static ProbeOutcome judge(int status, boolean dynamic) {
        if (status == 0) {
            return Passed.plain();
        }
        if (status > SIGNALLED && status <= SIGNALLED + LAST_SIGNAL) {
            return new Failed(Reason.SCRIPT, "ended by signal " + (status - SIGNALLED));
        }
        return dynamic && status >= 2
                ? new Passed(Optional.of(Wish.weight(status - 2L)))
                : new Failed(Reason.SCRIPT, "exit status " + status);
    }

    /** Ends what runs, at once. */
    @Override
    public void close() {
        clock.shutdownNow();
        running.keySet().forEach(group -> Programs.end(group, SIGTERM));
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!running.isEmpty() && System.nanoTime() - end < 0) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.keySet().forEach(group -> Programs.end(group, SIGKILL));
        runners.shutdownNow();
    }
}
