package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.DaemonConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Which stored check results of an earlier run are recent enough to be trusted at start. Pure. */
public final class StoredResults {
    private static final Duration MIN_TRUST = Duration.ofSeconds(30);

    private StoredResults() {}

    /**
     * The checks that are configured and whose stored result is trusted.
     *
     * @param up whether each check was up, by the text of its identity
     * @param ageMillis age of the results; negative if it is unknown, as after a boot
     */
    public static Map<CheckId, Boolean> trusted(DaemonConfig config, Map<String, Boolean> up, long ageMillis) {
        Map<CheckId, Boolean> trusted = new HashMap<>();
        Engine.checks(config).forEach((id, check) -> {
            Boolean result = up.get(id.toString());
            if (result != null
                    && ageMillis >= 0
                    && ageMillis < limit(config, check).toMillis()) {
                trusted.put(id, result);
            }
        });
        return trusted;
    }

    /** {@code trust_verdicts}; by default twice the interval of the check, and at least 30 s. */
    private static Duration limit(DaemonConfig config, CheckConfig check) {
        Duration twice = check.timing().delayLoop().multipliedBy(2);
        return config.lvsd().trustVerdicts().orElse(twice.compareTo(MIN_TRUST) > 0 ? twice : MIN_TRUST);
    }
}
