package io.lvsd.checkers.script;

import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.Program;
import io.lvsd.conf.value.RunAs;
import io.lvsd.ipvs.ffm.Libc;
import io.lvsd.ipvs.ffm.Processes;
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
 * Starts notification scripts, each in a session and process group of its own, without a shell, with /dev/null as standard
 * streams. A script is killed when the thread that started it ends. Thread-safe.
 */
public final class ScriptProcesses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptProcesses.class);
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String DEFAULT_USER = "keepalived_script";
    private static final String LANGUAGE =
            Optional.ofNullable(System.getenv("LANG")).orElse("C.UTF-8");
    /** Field of /etc/passwd, passwd(5). */
    private static final int HOME = 5;

    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final Duration KILL_DELAY = Duration.ofSeconds(1);

    private final Map<Long, Process> running = new ConcurrentHashMap<>();
    private volatile boolean security;

    /** Whether scripts that users other than root can change are refused. */
    public void security(boolean on) {
        security = on;
    }

    /** Starts a script and does not wait for it. Failures are logged. */
    public void launch(Program program) {
        var _ = begin(program);
    }

    /** Runs a script and waits for it; kills it after a timeout. Blocks. */
    public void runAndWait(Program program, Duration timeout) {
        begin(program).ifPresent(process -> {
            try {
                if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    if (process.exitValue() != 0) {
                        LOG.atWarn()
                                .addKeyValue("script", program.argv().getFirst())
                                .addKeyValue("status", process.exitValue())
                                .log("script.failed");
                    }
                } else {
                    LOG.atWarn()
                            .addKeyValue("script", program.argv().getFirst())
                            .addKeyValue("seconds", timeout.toSeconds())
                            .log("script.timeout");
                    end(process.pid(), SIGTERM);
                    boolean _ = process.waitFor(KILL_DELAY.toMillis(), TimeUnit.MILLISECONDS);
                    end(process.pid(), SIGKILL);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Optional<Process> begin(Program program) {
        try {
            return Optional.of(start(program));
        } catch (IOException | OutOfMemoryError e) {
            LOG.atError()
                    .addKeyValue("script", program.argv().getFirst())
                    .addKeyValue("reason", IoReason.of(e))
                    .log("script.refused");
            return Optional.empty();
        }
    }

    /** A script is refused permanently: it is missing, not executable or not safe. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Starts a script and does not wait for it. It is killed when this object is closed.
     *
     * @throws RefusedException if it is refused
     * @throws IOException if this host cannot start a process now
     * @throws OutOfMemoryError if the JDK cannot create the thread that waits for the process
     */
    public Process start(Program program) throws IOException {
        Optional<String> problem = ScriptSafety.refusal(program.argv().getFirst(), security);
        if (problem.isPresent()) {
            throw new RefusedException(problem.get());
        }
        Process process = start(program.argv(), program.user());
        running.put(process.pid(), process);
        // Removing from a map does not fail, so the result is not used.
        var _ = process.onExit().thenRun(() -> running.remove(process.pid()));
        return process;
    }

    /** A script requires a user that this process cannot change to. */
    static final class ForeignUserException extends IOException {
        private static final long serialVersionUID = 1L;

        ForeignUserException(String user) {
            super("only root can run it as " + user);
        }
    }

    private static Process start(List<String> argv, Optional<RunAs> configured) throws IOException {
        Command command = command(argv, configured);
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(command.argv());
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.directory(new java.io.File("/"));
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        return builder.start();
    }

    /** The command of a script, with its whole environment. */
    record Command(List<String> argv, Map<String, String> environment) {
        Command {
            argv = List.copyOf(argv);
            environment = Map.copyOf(environment);
        }
    }

    static Command command(List<String> argv, Optional<RunAs> configured) throws ForeignUserException {
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM"));
        boolean root = Libc.geteuid() == 0;
        String account = System.getProperty("user.name");
        Optional<RunAs> user = configured.or(() -> root && hasUser(DEFAULT_USER)
                ? Optional.of(new RunAs(DEFAULT_USER, Optional.empty(), false))
                : Optional.empty());
        if (user.isPresent() && root) {
            RunAs runAs = user.get();
            account = runAs.user();
            command.add("--reuid=" + runAs.user());
            command.add("--regid=" + runAs.group().orElseGet(() -> primaryGroup(runAs.user())));
            command.add(runAs.allGroups() ? "--init-groups" : "--clear-groups");
            if (!isRoot(account)) {
                command.add("--no-new-privs");
            }
        } else if (user.isPresent() && !user.get().user().equals(System.getProperty("user.name"))) {
            throw new ForeignUserException(user.get().user());
        }
        command.add("--");
        command.addAll(argv);
        return new Command(command, environment(account));
    }

    /** The whole environment of a script; does not depend on that of the daemon. */
    private static Map<String, String> environment(String account) {
        List<String> fields = passwd(account);
        String name = fields.isEmpty() ? account : fields.getFirst();
        String home = fields.size() > HOME ? fields.get(HOME) : "/";
        return Map.of("PATH", PATH, "HOME", home, "LOGNAME", name, "USER", name, "LANG", LANGUAGE);
    }

    private static boolean isRoot(String account) {
        List<String> fields = passwd(account);
        return account.equals("0") || fields.size() > 2 && fields.get(2).equals("0");
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

    /** Sends a signal to a whole process group; has no effect if it has ended. */
    public static void end(long group, int signal) {
        int result = Processes.kill((int) -group, signal);
        assert result <= 0;
    }

    /** Waits for running scripts. Blocks. */
    public void await(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        for (Process process : running.values()) {
            boolean _ = process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    /** Ends running scripts: SIGTERM, and SIGKILL a second later. Blocks until then. */
    @Override
    public void close() {
        running.keySet().forEach(group -> end(group, SIGTERM));
        try {
            await(KILL_DELAY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.keySet().forEach(group -> end(group, SIGKILL));
    }
}
