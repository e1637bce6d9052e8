package io.lvsd.core.view;

import java.util.List;

/**
 * The result of a reload. The names of the components are those of the JSON.
 *
 * @param outcome {@code done}, {@code refused} or {@code guarded}
 * @param text what was done, or why nothing was
 * @param problems those that the running configuration does not have
 * @param knownProblems number of problems that the running configuration has, too
 * @param commands that the reload guard refused, as arguments of {@code ipvsadm}
 */
public record ReloadReport(
        ReloadOutcome outcome,
        String text,
        List<ConfigProblemReport> problems,
        int knownProblems,
        List<String> commands) {
    public ReloadReport {
        problems = List.copyOf(problems);
        commands = List.copyOf(commands);
    }

    /** With problems as a reader of the API may see them. */
    public ReloadReport withoutValues() {
        return new ReloadReport(
                outcome,
                text,
                problems.stream().map(ConfigProblemReport::withoutValues).toList(),
                knownProblems,
                commands);
    }
}
