package io.lvsd.conf.model;

import io.lvsd.conf.value.Program;
import io.lvsd.conf.value.RunAs;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Notifications: mail, FIFOs, scripts, webhooks.
 *
 * @param routerId name of this director in mail; empty: the host's
 * @param mail empty: none is sent
 * @param fifos each is written every line once
 * @param everyCheck whether there is mail about each check, not only about real servers
 * @param initially whether notify_up is run for each live real server at start
 * @param startup run before the first probe
 * @param shutdown run at the end of a stop
 * @param scriptTimeout how long a notification script may run
 */
public record NotifyConfig(
        Optional<String> routerId,
        Optional<Mail> mail,
        List<Fifo> fifos,
        boolean everyCheck,
        boolean initially,
        Optional<Timed> startup,
        Optional<Timed> shutdown,
        Duration scriptTimeout,
        List<Webhook> webhooks) {
    /** Default of {@link #scriptTimeout}. */
    public static final Duration SCRIPT_TIMEOUT = Duration.ofMinutes(1);

    public static final NotifyConfig NONE = new NotifyConfig(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            true,
            false,
            Optional.empty(),
            Optional.empty(),
            SCRIPT_TIMEOUT,
            List.of());

    public NotifyConfig {
        fifos = List.copyOf(fifos);
        webhooks = List.copyOf(webhooks);
    }

    /**
     * How mail is handed in. Names are resolved when used.
     *
     * @param from empty: the user at the host's name
     * @param helo empty: the host's name
     */
    public record Mail(
            List<String> to, Optional<String> from, String host, int port, Optional<String> helo, Duration timeout) {
        public Mail {
            to = List.copyOf(to);
        }
    }

    /**
     * A FIFO, made if it is not there.
     *
     * @param owner empty: lvsd's own user
     * @param reader started with the FIFO's name as its last argument
     */
    public record Fifo(Path path, Optional<RunAs> owner, Optional<Program> reader) {}

    /** A program that is waited for. */
    public record Timed(Program program, Duration timeout) {}

    /**
     * Where events are posted as JSON.
     *
     * @param secretFile contains the key of the signature; empty: not signed
     * @param retry how long delivery of one event is tried
     */
    public record Webhook(URI url, Optional<Path> secretFile, Duration retry) {}
}
