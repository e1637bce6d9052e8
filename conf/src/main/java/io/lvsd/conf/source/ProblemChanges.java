package io.lvsd.conf.source;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The problems of a configuration as seen from another: a reload reports the new ones, and only counts those that the running
 * configuration has too.
 *
 * @param fresh errors and warnings that the other does not have, sorted by position
 * @param known how many are left
 */
public record ProblemChanges(List<ConfigProblem> fresh, int known) {
    public ProblemChanges {
        fresh = List.copyOf(fresh);
    }

    /** Compares the problems of two loads. A problem is the same one if its line was only moved. */
    public static ProblemChanges between(List<ConfigProblem> before, List<ConfigProblem> now) {
        Map<String, Integer> open = new HashMap<>();
        before.forEach(p -> open.merge(p.identity(), 1, Integer::sum));
        List<ConfigProblem> fresh = now.stream()
                .filter(p -> open.merge(p.identity(), -1, Integer::sum) < 0)
                .toList();
        return new ProblemChanges(fresh, now.size() - fresh.size());
    }

    /** The new errors, which refuse a reload. */
    public List<ConfigProblem> errors() {
        return fresh.stream().filter(ConfigProblem::isError).toList();
    }

    /** The new problems with their places and hints, and the number of the others; each line ends with a newline. */
    public String text() {
        StringBuilder text = new StringBuilder();
        fresh.forEach(p -> text.append(p.render()).append('\n'));
        if (known > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "%d known problem%s, unchanged by the reload: 'lvsd check' lists %s\n",
                    known,
                    known == 1 ? "" : "s",
                    known == 1 ? "it" : "them"));
        }
        return text.toString();
    }
}
