package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.HttpConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Whether a configuration may replace the running one, apart from the reload guard. Pure. */
public final class ReloadRules {
    private ReloadRules() {}

    /**
     * How many errors of a configuration the running one does not have. An error that both have counts as often as it occurs.
     *
     * @param running identities of the errors of the running configuration
     * @param next identities of the errors of the new one
     */
    public static int newErrors(List<String> running, List<String> next) {
        Map<String, Integer> open = new HashMap<>();
        running.forEach(identity -> open.merge(identity, 1, Integer::sum));
        return (int) next.stream()
                .filter(identity -> open.merge(identity, -1, Integer::sum) < 0)
                .count();
    }

    /**
     * Why a reload is refused.
     *
     * @param loadable whether the new configuration can be used at all
     * @param newErrors errors that the running configuration does not have
     * @return empty if nothing refuses it
     */
    public static String refusal(boolean loadable, int newErrors, DaemonConfig running, DaemonConfig next) {
        if (!loadable) {
            return "the file cannot be used";
        }
        if (newErrors > 0) {
            return newErrors + (newErrors == 1 ? " new error" : " new errors");
        }
        Map<String, Object> present = fixedSettings(running);
        return fixedSettings(next).entrySet().stream()
                .filter(e -> !Objects.equals(present.get(e.getKey()), e.getValue()))
                .findFirst()
                .map(e -> "'" + e.getKey() + "' cannot change at a reload: restart the daemon")
                .orElse("");
    }

    /** Settings that only a start applies, by keyword, in a stable order. */
    private static SequencedMap<String, Object> fixedSettings(DaemonConfig config) {
        return new TreeMap<>(Map.of(
                "driver", config.lvsd().driver(),
                "http { listen }", config.lvsd().http().map(HttpConfig::listen).orElse(List.of()),
                "net_namespace", config.namespaces().daemon(),
                "net_namespace_ipvs", config.namespaces().table()));
    }
}
