package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.StoredResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What an earlier run stored, and the time now. Pure.
 *
 * @param checks the states of checks, by the text of their identities
 * @param quorums the states of quorums, by the text of the virtual servers' identities
 * @param ageMillis time since the states were last valid; negative if it is unknown, as after a boot
 * @param bootId the current boot
 * @param uptimeMillis the time since the boot
 */
public record StoredResults(
        Map<String, StoredResult> checks,
        Map<String, StoredResult> quorums,
        long ageMillis,
        String bootId,
        long uptimeMillis) {
    private static final Duration MIN_TRUST = Duration.ofSeconds(30);

    /**
     * A state that is trusted at start.
     *
     * @param reason why a check is down, as in the log; empty if it is up, or for a quorum
     * @param age how long it lasts
     */
    public record Former(boolean up, String reason, Duration age) {}

    /** The states that are trusted at start. */
    public record Trusted(Map<CheckId, Former> checks, Map<VsId, Former> quorums) {
        /** Nothing is known. */
        public static final Trusted NONE = new Trusted(Map.of(), Map.of());

        public Trusted {
            checks = Map.copyOf(checks);
            quorums = Map.copyOf(quorums);
        }
    }

    /** The states of what is configured and that are recent enough to be trusted. */
    public Trusted trusted(DaemonConfig config) {
        Map<CheckId, Former> trusted = new HashMap<>();
        Engine.checks(config).forEach((id, check) -> {
            StoredResult result = checks.get(id.toString());
            if (result != null && isTrusted(result, limit(config, check))) {
                trusted.put(id, former(result));
            }
        });
        Map<VsId, Former> trustedQuorums = new HashMap<>();
        config.virtualServers().forEach(server -> {
            StoredResult result = quorums.get(server.id().text());
            if (result != null
                    && isTrusted(result, config.lvsd().trustVerdicts().orElse(MIN_TRUST))) {
                trustedQuorums.put(server.id(), former(result));
            }
        });
        return new Trusted(trusted, trustedQuorums);
    }

    private boolean isTrusted(StoredResult result, Duration limit) {
        return ageMillis >= 0 && ageMillis < limit.toMillis() && result.bootId().equals(bootId);
    }

    private Former former(StoredResult result) {
        long lasted = Math.max(0, uptimeMillis - result.changedMillis());
        return new Former(result.up(), result.reason(), Duration.ofMillis(lasted));
    }

    /** {@code trust_verdicts}; by default twice the interval of the check, and at least 30 s. */
    private static Duration limit(DaemonConfig config, CheckConfig check) {
        Duration twice = check.timing().delayLoop().multipliedBy(2);
        return config.lvsd().trustVerdicts().orElse(twice.compareTo(MIN_TRUST) > 0 ? twice : MIN_TRUST);
    }
}
