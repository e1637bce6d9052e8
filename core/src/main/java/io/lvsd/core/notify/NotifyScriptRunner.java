package io.lvsd.core.notify;

import io.lvsd.checkers.script.ScriptProcesses;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.Program;
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
 * Runs notification scripts. Scripts of one subject (a virtual server, or a real server of one) run strictly one after the
 * other, in the order of events; scripts of different subjects run side by side, up to 64. A script that runs longer than the
 * timeout is ended: its process group gets SIGTERM, and SIGKILL two seconds later. A script that cannot be started because the
 * host has no process, memory or descriptor left is tried again until it starts, so no event is skipped. One thread, which
 * exists from the start, starts and ends all scripts. Thread-safe.
 */
final class NotifyScriptRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("lvsd");
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final int PARALLEL = 64;
    /** Scripts that wait, of all subjects; beyond it new ones are dropped, which is logged. */
    private static final int LIMIT = 100_000;

    private static final long KILL_AFTER = Duration.ofSeconds(2).toNanos();
    private static final long RETRY = Duration.ofSeconds(1).toNanos();
    private static final long IDLE = Duration.ofMinutes(1).toNanos();

    private final ScriptProcesses programs;
    private final Runnable chore;
    private final Thread thread =
            Thread.ofPlatform().name("notify-scripts").daemon().unstarted(this::run);

    // all guarded by this
    private final Map<String, Deque<Program>> waiting = new HashMap<>();
    private final Deque<String> ready = new ArrayDeque<>();
    private final Map<String, Running> running = new HashMap<>();
    private Duration timeout = Duration.ofMinutes(1);
    private int count;
    private long dropped;
    private long failures;
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

    /** @param chore done by the thread of the scripts now and then, at least once a minute; must not block */
    NotifyScriptRunner(ScriptProcesses programs, Runnable chore) {
        this.programs = programs;
        this.chore = chore;
        thread.start();
    }

    /** How long a script may run. */
    synchronized void timeout(Duration most) {
        timeout = most;
    }

    /**
     * Adds a script to the queue of its subject. Never blocks.
     *
     * @param subject scripts of the same subject run one after the other
     */
    synchronized void add(String subject, Program program) {
        if (closed) {
            return;
        }
        if (count >= LIMIT) {
            if (dropped++ == 0) {
                LOG.error(
                        "event=script_queue.failed reason=\"{} scripts are waiting\" effect=\"new ones are dropped\"",
                        LIMIT);
            }
            return;
        }
        if (dropped > 0) {
            LOG.info("event=script_queue.recovered count={}", dropped);
            dropped = 0;
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
                chore.run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Waits for a script that may be started, and ends those whose time is over; empty if something else is to be done. */
    private synchronized Optional<String> next() throws InterruptedException {
        if (!closed) {
            long now = System.nanoTime();
            long wait = endOverdue(now);
            boolean mayStart = !ready.isEmpty() && running.size() < PARALLEL;
            if (mayStart && (failures == 0 || now - retryAt >= 0)) {
                return Optional.of(ready.removeFirst());
            }
            long nanos = mayStart ? Math.min(wait, retryAt - now) : wait;
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, 1_000_000));
        }
        return Optional.empty();
    }

    /** Returns nanoseconds until the next script is overdue. */
    private long endOverdue(long now) {
        long next = IDLE;
        Iterator<Map.Entry<String, Running>> all = running.entrySet().iterator();
        while (all.hasNext()) {
            Running script = all.next().getValue();
            if (now - script.endAt >= 0) {
                if (script.signal == SIGTERM) {
                    LOG.warn(
                            "event=script.timeout script={} seconds={} effect=\"it is ended\"",
                            script.name,
                            timeout.toSeconds());
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
            LOG.error(
                    "event=script.refused script={} reason=\"{}\"",
                    program.argv().getFirst(),
                    IoReason.of(e));
            skip(subject);
        } catch (IOException e) {
            failed(subject, IoReason.of(e));
        } catch (OutOfMemoryError e) {
            // The JDK could not create the thread that waits for the process, which may have started: it is not run
            // again.
            LOG.error(
                    "event=script.lost script={} reason=\"{}\"", program.argv().getFirst(), IoReason.of(e));
            skip(subject);
        }
    }

    private synchronized Program head(String subject) {
        return waiting.getOrDefault(subject, new ArrayDeque<>()).getFirst();
    }

    private synchronized void started(String subject, Program program, Process process) {
        remove(subject);
        if (failures > 0) {
            LOG.info("event=script_start.recovered count={}", failures);
            failures = 0;
        }
        running.put(subject, new Running(process, program.argv().getFirst(), System.nanoTime() + timeout.toNanos()));
        process.onExit().thenRun(() -> ended(subject));
    }

    private synchronized void ended(String subject) {
        Running script = running.remove(subject);
        if (script != null) {
            // What it left behind in its process group ends with it only if it was ended by force.
            if (script.signal == SIGKILL) {
                ScriptProcesses.end(script.process.pid(), SIGKILL);
            }
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
        remove(subject);
        makeReady(subject);
    }

    private synchronized void failed(String subject, String reason) {
        if (failures++ == 0) {
            LOG.error("event=script_start.failed reason=\"{}\" effect=\"tried again every second\"", reason);
        }
        retryAt = System.nanoTime() + RETRY;
        ready.addFirst(subject);
    }

    /** Waits until no script waits or runs. */
    synchronized boolean drain(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (count > 0 || !running.isEmpty()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
        }
        return true;
    }

    /** Starts no more scripts; those that run are ended by whoever closes {@link ScriptProcesses}. */
    @Override
    public void close() {
        List<String> lost = new ArrayList<>();
        synchronized (this) {
            closed = true;
            waiting.values().forEach(q -> q.forEach(p -> lost.add(p.argv().getFirst())));
            notifyAll();
        }
        if (!lost.isEmpty()) {
            LOG.warn(
                    "event=script_queue.lost count={} first={} reason=\"the daemon stops\"",
                    lost.size(),
                    lost.getFirst());
        }
    }
}
