package io.lvsd.lab.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process of ours that runs beside the test. */
final class Background implements Bed.Part {
    private final Process process;
    private final Path log;

    Background(String line, Path log) {
        this.log = log;
        try {
            process = new ProcessBuilder("bash", "-c", "exec " + line)
                    .redirectInput(new java.io.File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it has written. */
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void signal(String name) {
        Shell.ok("kill -" + name + " " + process.pid());
    }

    /** Kills it, if it has not ended, and returns the exit status. */
    int kill() {
        process.destroyForcibly();
        return await();
    }

    /** Waits for its end and returns the exit status. */
    int await() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("process " + process.pid() + " goes on after 60 s:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroyForcibly();
            await();
        }
    }
}
