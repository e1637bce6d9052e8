package io.lvsd.lab.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Commands in the guest. */
final class Shell {
    private static final int LIMIT_SECONDS = 600;

    private Shell() {}

    /** What a command came to: its exit status, and both its outputs. */
    record Result(int status, String text) {}

    /** Runs a line of bash to its end. */
    static Result run(String line) {
        try {
            Process process = new ProcessBuilder("bash", "-c", line)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("not done within " + LIMIT_SECONDS + " s: " + line);
            }
            return new Result(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The output of a command that must succeed. */
    static String ok(String line) {
        Result result = run(line);
        if (result.status() != 0) {
            throw new AssertionError("status " + result.status() + ": " + line + "\n" + result.text());
        }
        return result.text();
    }
}
