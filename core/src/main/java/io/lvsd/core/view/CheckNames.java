package io.lvsd.core.view;

import io.lvsd.conf.check.CheckSpec;
import io.lvsd.core.model.CheckState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/** Short names that distinguish the checks of one real server. */
final class CheckNames {
    private static final int MAX_TARGET = 40;

    /** What can distinguish checks with one keyword, the shortest first. */
    private static final List<Function<CheckSpec, String>> TARGETS =
            List.of(CheckText::shortTarget, CheckText::targetWithPort, spec -> CheckText.target(spec, 0));

    private CheckNames() {}

    /**
     * The names, in the order of the checks: the keyword, and if several checks have it, also the path, port or target of each,
     * or else their index as in metrics.
     */
    static List<String> of(List<CheckState> checks) {
        List<String> names = new ArrayList<>();
        for (CheckState check : checks) {
            List<CheckState> same = checks.stream()
                    .filter(c -> c.config().kind().equals(check.config().kind()))
                    .toList();
            String kind = check.config().kind();
            names.add(same.size() == 1 ? kind : kind + " " + target(same, check));
        }
        return names;
    }

    private static String target(List<CheckState> same, CheckState check) {
        for (Function<CheckSpec, String> text : TARGETS) {
            List<String> all =
                    same.stream().map(c -> cut(text.apply(c.config().spec()))).toList();
            if (!all.contains("") && new HashSet<>(all).size() == all.size()) {
                return cut(text.apply(check.config().spec()));
            }
        }
        return "#" + (same.indexOf(check) + 1);
    }

    private static String cut(String target) {
        return target.length() <= MAX_TARGET ? target : target.substring(0, MAX_TARGET - 1) + "…";
    }
}
