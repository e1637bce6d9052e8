package io.lvsd.core.view;

import io.lvsd.conf.ConfigLoader;
import java.util.List;

/**
 * The problems of a configuration, for {@code lvsd check --json}. The names of the components are those of the JSON.
 *
 * @param loadable whether it can be used at all
 * @param virtualServers number of those that can be used
 */
public record ProblemsReport(boolean loadable, int virtualServers, List<ConfigProblemReport> problems) {
    public static ProblemsReport of(ConfigLoader.Loaded loaded) {
        return new ProblemsReport(
                loaded.loadable(),
                loaded.config().virtualServers().size(),
                loaded.problems().stream().map(ConfigProblemReport::of).toList());
    }
}
