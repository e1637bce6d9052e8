package io.lvsd.core.notify;

import io.lvsd.checkers.script.ScriptProcesses;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.Program;
import io.lvsd.core.log.LastingFailure;
import io.lvsd.core.notify.Deliveries.Channel;
import io.lvsd.core.notify.Deliveries.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs notification scripts. Scripts of one subject (a virtual server, or one of its real servers) run one after the other, in
 * the order of events; scripts of different subjects run in parallel, up to 64. A script that exceeds the timeout is killed:
 * its process group gets SIGTERM, and SIGKILL two seconds later. A script that cannot be started because the host has no
 * process, memory or descriptor left is retried until it starts, so no event is skipped. One thread, which exists from the
 * start, starts and kills all scripts. Thread-safe.
 */
final class NotifyScriptRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyScriptRunner.class);
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final int MAX_RUNNING = 64;
    /** Maximum number of waiting scripts of all subjects; further ones are dropped, which is logged. */
    private static final int MAX_WAITING = 100_000;

    private static final long KILL_AFTER = Duration.ofSeconds(2).toNanos();
    private static final long RETRY = Duration.ofSeconds(1).toNanos();
    private static final long IDLE = Duration.ofMinutes(1).toNanos();

    private final ScriptProcesses programs;
    private final Deliveries deliveries;
    private final Runnable periodicTask;
    private final Thread thread =
            Thread.ofPlatform().name("notify-scripts").daemon().unstarted(this::run);

    // all guarded by this
    private final Map<String, Deque<Program>> waiting = new HashMap<>();
    private final Deque<String> ready = new ArrayDeque<>();
    private final Map<String, Running> running = new HashMap<>();
    private Duration timeout = Duration.ofMinutes(1);
    private int count;
    private final LastingFailure queueing = new LastingFailure();
    private final LastingFailure starting = new LastingFailure();
    private long retryAt;
    private boolean closed;

    private static final class Running {
        private final Process process;
        private final String name;
        private long endAt;
        private int signal = SIGTERM;

        Running(Process process, String name, long endAt) {
            this.process = process;
            this.name = name;
            this.endAt = endAt;
        }
    }

    /** @param periodicTask called by the thread of the scripts at least once a minute; must not block */
    NotifyScriptRunner(ScriptProcesses programs, Deliveries deliveries, Runnable periodicTask) {
        this.deliveries = deliveries;
        this.programs = programs;
        this.periodicTask = periodicTask;
        thread.start();
    }

    /** Sets the maximum run time of a script. */
    synchronized void timeout(Duration maximum) {
        timeout = maximum;
    }

    /**
     * Adds a script to the queue of its subject. Does not block.
     *
     * @param subject scripts of the same subject run one after the other
     */
    synchronized void add(String subject, Program program) {
        if (closed) {
            return;
        }
        if (count >= MAX_WAITING) {
            if (queueing.failed()) {
                LOG.atError()
                        .addKeyValue("reason", MAX_WAITING + " scripts are waiting")
                        .addKeyValue("effect", "further scripts are dropped")
                        .log("script_queue.failed");
            }
            deliveries.count(Channel.SCRIPT, Outcome.DROPPED);
            return;
        }
        if (queueing.isActive()) {
            queueing.recovered(LOG.atInfo()).log("script_queue.recovered");
        }
        count++;
        Deque<Program> queue = waiting.computeIfAbsent(subject, _ -> new ArrayDeque<>());
        queue.addLast(program);
        if (queue.size() == 1 && !running.containsKey(subject)) {
            ready.addLast(subject);
        }
        notifyAll();
    }

    private void run() {
        try {
            for (Optional<String> subject = next(); !isClosed(); subject = next()) {
                subject.ifPresent(this::start);
                periodicTask.run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Kills overdue scripts and waits for a script that may start; empty if there is none yet. */
    private synchronized Optional<String> next() throws InterruptedException {
        if (!closed) {
            long now = System.nanoTime();
            long wait = killOverdue(now);
            boolean mayStart = !ready.isEmpty() && running.size() < MAX_RUNNING;
            if (mayStart && (!starting.isActive() || now - retryAt >= 0)) {
                return Optional.of(ready.removeFirst());
            }
            long nanos = mayStart ? Math.min(wait, retryAt - now) : wait;
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, 1_000_000));
        }
        return Optional.empty();
    }

    /** Returns nanoseconds until the next script is overdue. */
    private long killOverdue(long now) {
        long next = IDLE;
        Iterator<Map.Entry<String, Running>> all = running.entrySet().iterator();
        while (all.hasNext()) {
            Running script = all.next().getValue();
            if (now - script.endAt >= 0) {
                if (script.signal == SIGTERM) {
                    LOG.atWarn()
                            .addKeyValue("script", script.name)
                            .addKeyValue("seconds", timeout.toSeconds())
                            .addKeyValue("effect", "killed")
                            .log("script.timeout");
                }
                ScriptProcesses.end(script.process.pid(), script.signal);
                script.signal = SIGKILL;
                script.endAt = now + KILL_AFTER;
            }
            next = Math.min(next, script.endAt - now);
        }
        return next;
    }

    private void start(String subject) {
        Program program = head(subject);
        try {
            Process process = programs.start(program);
            started(subject, program, process);
        } catch (ScriptProcesses.RefusedException e) {
            LOG.atError()
                    .addKeyValue("script", program.argv().getFirst())
                    .addKeyValue("reason", IoReason.of(e))
                    .log("script.refused");
            skip(subject);
        } catch (IOException e) {
            failed(subject, IoReason.of(e));
        } catch (OutOfMemoryError e) {
            // The JDK could not create the thread that waits for the process, which may have started, so it is not
            // retried.
            LOG.atError()
                    .addKeyValue("script", program.argv().getFirst())
                    .addKeyValue("reason", IoReason.of(e))
                    .log("script.lost");
            skip(subject);
        }
    }

    private synchronized Program head(String subject) {
        return waiting.getOrDefault(subject, new ArrayDeque<>()).getFirst();
    }

    private synchronized void started(String subject, Program program, Process process) {
        remove(subject);
        if (starting.isActive()) {
            starting.recovered(LOG.atInfo()).log("script_start.recovered");
        }
        running.put(subject, new Running(process, program.argv().getFirst(), System.nanoTime() + timeout.toNanos()));
        var _ = process.onExit().thenRun(() -> ended(subject)).whenComplete((_, failure) -> {
            if (failure != null) {
                LOG.atError()
                        .addKeyValue("reason", "internal error")
                        .setCause(failure)
                        .log("script_start.failed");
            }
        });
    }

    private synchronized void ended(String subject) {
        Running script = running.remove(subject);
        if (script != null) {
            // Remaining processes of its group are killed only if the script itself was killed.
            if (script.signal == SIGKILL) {
                ScriptProcesses.end(script.process.pid(), SIGKILL);
            }
            deliveries.count(Channel.SCRIPT, script.process.exitValue() == 0);
            makeReady(subject);
        }
    }

    private void remove(String subject) {
        Deque<Program> queue = waiting.get(subject);
        if (queue != null && !queue.isEmpty()) {
            queue.removeFirst();
            count--;
        }
    }

    private void makeReady(String subject) {
        Deque<Program> queue = waiting.get(subject);
        if (queue != null && !queue.isEmpty()) {
            ready.addLast(subject);
        } else {
            waiting.remove(subject);
        }
        notifyAll();
    }

    private synchronized void skip(String subject) {
        deliveries.count(Channel.SCRIPT, Outcome.FAILED);
        remove(subject);
        makeReady(subject);
    }

    private synchronized void failed(String subject, String reason) {
        if (starting.failed()) {
            LOG.atError()
                    .addKeyValue("reason", reason)
                    .addKeyValue("effect", "retried every second")
                    .log("script_start.failed");
        }
        retryAt = System.nanoTime() + RETRY;
        ready.addFirst(subject);
    }

    /** Scripts that wait. */
    synchronized int waiting() {
        return count;
    }

    /** Waits until no script is waiting or running. Returns false after the timeout. */
    synchronized boolean drain(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (count > 0 || !running.isEmpty()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
        }
        return true;
    }

    /** Starts no more scripts. Closing {@link ScriptProcesses} kills those that run. */
    @Override
    public void close() {
        List<String> lost = new ArrayList<>();
        synchronized (this) {
            closed = true;
            waiting.values().forEach(q -> q.forEach(p -> lost.add(p.argv().getFirst())));
            notifyAll();
        }
        if (!lost.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("count", lost.size())
                    .addKeyValue("first", lost.getFirst())
                    .addKeyValue("reason", "the daemon is stopping")
                    .log("script_queue.lost");
        }
    }
}
