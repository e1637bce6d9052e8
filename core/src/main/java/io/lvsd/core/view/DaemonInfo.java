package io.lvsd.core.view;

import java.time.Instant;
import java.util.Optional;

/**
 * Facts about the daemon that the engine does not know.
 *
 * @param version of lvsd
 * @param host name of this host
 * @param configFile as given on the command line
 * @param configHash SHA-256 of the configuration with its defaults and places, the first 16 hexadecimal digits
 * @param configLoaded when the configuration took effect
 * @param lastReload the last attempt to reload
 */
public record DaemonInfo(
        String version,
        String host,
        Instant started,
        String configFile,
        String configHash,
        Instant configLoaded,
        Optional<Reload> lastReload) {
    /**
     * An attempt to reload.
     *
     * @param result {@code done}, {@code refused} or {@code guarded}
     * @param text the answer to the request, one line or more
     */
    public record Reload(Instant at, String result, String text) {}
}
