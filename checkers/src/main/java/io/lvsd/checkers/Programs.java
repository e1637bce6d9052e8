package io.lvsd.checkers;

import io.lvsd.conf.model.Program;
import io.lvsd.conf.model.RunAs;
import io.lvsd.ipvs.ffm.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts programs, each in a session and process group of its own, without a shell, with nothing on their standard streams.
 * They die with the thread that started them: with this process, if that lives as long. Thread-safe.
 */
public final class Programs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("lvsd");
    private static final List<String> REMOVED = List.of("IFS", "LD_PRELOAD", "LD_LIBRARY_PATH");
    private static final String DEFAULT_USER = "keepalived_script";
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final int LIMIT = 1_000;
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Map<Long, Process> running = new ConcurrentHashMap<>();
    private volatile boolean security;

    /** Whether programs that others than root could change are not run. */
    public void security(boolean on) {
        security = on;
    }

    /** Starts a program and does not wait for it. What hinders it is logged. */
    public void launch(Program program) {
        var _ = begin(program);
    }

    /** Starts a program and waits for its end; it is ended when its time is over. Blocks. */
    public void runAndWait(Program program, Duration timeout) {
        begin(program).ifPresent(process -> {
            try {
                if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    if (process.exitValue() != 0) {
                        LOG.warn(
                                "event=script.failed script={} status={}",
                                program.argv().getFirst(),
                                process.exitValue());
                    }
                } else {
                    LOG.warn(
                            "event=script.timeout script={} seconds={}",
                            program.argv().getFirst(),
                            timeout.toSeconds());
                    end(process.pid(), SIGTERM);
                    boolean _ = process.waitFor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
                    end(process.pid(), SIGKILL);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Optional<Process> begin(Program program) {
        String name = program.argv().getFirst();
        Optional<String> problem = running.size() >= LIMIT
                ? Optional.of("is not run: " + LIMIT + " others have not come to their end")
                : ScriptSafety.refusal(name, security);
        if (problem.isPresent()) {
            LOG.error("event=script.refused script={} reason=\"{}\"", name, problem.get());
            return Optional.empty();
        }
        try {
            Process process = start(program.argv(), program.user());
            running.put(process.pid(), process);
            process.onExit().thenRun(() -> running.remove(process.pid()));
            return Optional.of(process);
        } catch (IOException e) {
            LOG.error("event=script.refused script={} reason=\"{}\"", name, e.getMessage());
            return Optional.empty();
        }
    }

    /** A program is for a user that this process cannot become. */
    static final class ForeignUserException extends IOException {
        private static final long serialVersionUID = 1L;

        ForeignUserException(String user) {
            super("only root can run it as " + user);
        }
    }

    static Process start(List<String> argv, Optional<RunAs> configured) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig", "TERM"));
        boolean root = Libc.geteuid() == 0;
        Optional<RunAs> user = configured.or(() -> root && hasUser(DEFAULT_USER)
                ? Optional.of(new RunAs(DEFAULT_USER, Optional.empty(), false))
                : Optional.empty());
        if (user.isPresent() && root) {
            RunAs who = user.get();
            command.add("--reuid=" + who.user());
            command.add("--regid=" + who.group().orElseGet(() -> primaryGroup(who.user())));
            command.add(who.allGroups() ? "--init-groups" : "--clear-groups");
        } else if (user.isPresent() && !user.get().user().equals(System.getProperty("user.name"))) {
            throw new ForeignUserException(user.get().user());
        }
        command.add("--");
        command.addAll(argv);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        REMOVED.forEach(builder.environment()::remove);
        return builder.start();
    }

    private static boolean hasUser(String name) {
        return !passwd(name).isEmpty();
    }

    private static String primaryGroup(String user) {
        List<String> fields = passwd(user);
        return fields.size() > 3 ? fields.get(3) : user;
    }

    private static List<String> passwd(String user) {
        try {
            return Files.readAllLines(Path.of("/etc/passwd")).stream()
                    .map(l -> List.of(l.split(":", -1)))
                    .filter(f -> f.getFirst().equals(user)
                            || f.size() > 2 && f.get(2).equals(user))
                    .findFirst()
                    .orElse(List.of());
        } catch (IOException _) {
            return List.of();
        }
    }

    /** Sends a signal to a whole process group; one that has ended is none. */
    static void end(long group, int signal) {
        int result = Libc.kill((int) -group, signal);
        assert result <= 0;
    }

    /** Gives what still runs time to come to its end. Blocks. */
    public void await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (Process process : running.values()) {
            boolean _ = process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    /** Ends what still runs: by SIGTERM, and a second later by SIGKILL. Blocks until then. */
    @Override
    public void close() {
        running.keySet().forEach(group -> end(group, SIGTERM));
        try {
            await(FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.keySet().forEach(group -> end(group, SIGKILL));
    }
}
