package io.lvsd.core.cli;

import io.lvsd.core.control.ControlClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --timeout SECONDS} of a client command. */
final class TimeoutOption {
    static final int MAX_SECONDS = 3600;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private @Nullable Duration timeout;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up if the daemon has not answered after this time, 1 to 3600 (default: 5; 60 for reload"
                    + " and plan).")
    @SuppressWarnings("UnusedMethod") // picocli calls it
    private void timeout(String text) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(), "invalid --timeout '" + text + "': expected 1 to " + MAX_SECONDS + " seconds");
        }
        timeout = Duration.ofSeconds(Integer.parseInt(text));
    }

    Duration value() {
        return or(ControlClient.TIMEOUT);
    }

    Duration or(Duration defaultTimeout) {
        return timeout == null ? defaultTimeout : timeout;
    }
}
