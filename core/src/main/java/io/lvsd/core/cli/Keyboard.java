package io.lvsd.core.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads single keys from a terminal, or characters from standard input without one. */
final class Keyboard implements AutoCloseable {
    /** End of input. */
    static final int END = -1;
    /** No key was pressed. */
    static final int NONE = 0;

    private final String saved;

    private Keyboard(String saved) {
        this.saved = saved;
    }

    /** @param raw whether keys are read without Enter */
    static Keyboard open(boolean raw) throws IOException, InterruptedException {
        if (!raw) {
            return new Keyboard("");
        }
        String saved = stty("-g");
        stty("-icanon", "-echo");
        return new Keyboard(saved);
    }

    /** Whether keys are read without Enter. */
    boolean raw() {
        return !saved.isEmpty();
    }

    /** The key that was pressed, {@link #NONE} or {@link #END}. Does not block on a terminal. */
    int read() throws IOException {
        if (raw() && System.in.available() == 0) {
            return NONE;
        }
        return System.in.read();
    }

    private static String stty(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        process.waitFor();
        return output.strip();
    }

    /** Restores the settings of the terminal. */
    @Override
    public void close() {
        if (raw()) {
            try {
                stty(saved);
            } catch (IOException _) {
                // stty is not available; the shell restores its own settings.
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
