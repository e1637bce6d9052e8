package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * {@code lvsd run}, started by the launcher, with a run directory, a state directory and a log of its own below one
 * directory. Methods that wait fail with the log after 60 s. Not for several threads.
 */
final class LvsdProcess implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Path directory;
    private final Process process;

    /** What a command printed to both of its streams, and its exit status. */
    record Result(int status, String text) {}

    private LvsdProcess(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** The launcher of this checkout. */
    static String launcher() {
        try {
            return Path.of("..").toRealPath().resolve("lvsd").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a daemon. The log of an earlier one in this directory is replaced. */
    static LvsdProcess start(Path directory, Path file, String... options) throws IOException {
        return startBy(List.of(), directory, file, options);
    }

    /** Starts a daemon by a command that ends with exec of its arguments. */
    static LvsdProcess startBy(List<String> prefix, Path directory, Path file, String... options) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(launcher(), "run", "-f", file.toString()));
        command.addAll(List.of("--run-dir", directory.resolve("run").toString()));
        command.addAll(List.of("--state-dir", directory.resolve("store").toString()));
        command.addAll(List.of(options));
        return new LvsdProcess(
                directory,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start());
    }

    /** Starts a daemon and waits until it is ready. */
    static LvsdProcess startReady(Path directory, Path file, String... options)
            throws IOException, InterruptedException {
        return startReadyBy(List.of(), directory, file, options);
    }

    /** Starts a daemon by a command that ends with exec of its arguments, and waits until it is ready. */
    static LvsdProcess startReadyBy(List<String> prefix, Path directory, Path file, String... options)
            throws IOException, InterruptedException {
        LvsdProcess daemon = startBy(prefix, directory, file, options);
        try {
            daemon.awaitReady();
        } catch (InterruptedException | AssertionError e) {
            daemon.process.destroyForcibly();
            throw e;
        }
        return daemon;
    }

    void awaitReady() throws InterruptedException {
        until("it is ready", () -> count("event=daemon.ready") == 1 || !process.isAlive());
        assertTrue(process.isAlive(), this::log);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end, and returns its exit status. */
    int awaitEnd() throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE, TimeUnit.NANOSECONDS), () -> "it did not end\n" + log());
        return process.exitValue();
    }

    /** What it has logged; empty before its first line. */
    String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return "";
        }
    }

    /** The number of log lines that contain a text. */
    long count(String text) {
        return log().lines().filter(l -> l.contains(text)).count();
    }

    void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> "did not happen: " + what + "\n" + log());
            Thread.sleep(20);
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
        assertEquals(0, kill.waitFor());
    }

    /** Runs a client command against it. */
    Result command(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher()));
        command.addAll(List.of(words));
        command.addAll(List.of("--run-dir", directory.resolve("run").toString()));
        return run(new ProcessBuilder(command));
    }

    /** What a client command printed. It must succeed. */
    String ask(String... words) throws IOException, InterruptedException {
        Result result = command(words);
        assertEquals(0, result.status(), result::text);
        return result.text();
    }

    /** Runs a command to its end. */
    static Result run(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), text);
    }

    /** Stops it by SIGTERM, and waits for its end. */
    @Override
    public void close() {
        process.destroy();
        try {
            int _ = awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
