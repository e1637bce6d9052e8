package io.lvsd.core.view;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a reload would do now. The names of the components are those of the JSON.
 *
 * @param outcome what the reload would end with: {@code done}, {@code refused} or {@code guarded}
 * @param commands that it would issue, as arguments of {@code ipvsadm}
 * @param servingRealServers real servers, counted in each service, that receive connections now
 * @param removedRealServers those of them that would receive none afterwards
 * @param refusal why it would be refused
 * @param problems errors because of which it would be refused
 */
public record PlanReport(
        ReloadOutcome outcome,
        List<String> commands,
        int servingRealServers,
        int removedRealServers,
        Optional<String> refusal,
        List<ConfigProblemReport> problems) {
    private static final int MAX_PROBLEMS = 10;
    private static final int PERCENT = 100;

    public PlanReport {
        commands = List.copyOf(commands);
        problems = List.copyOf(problems);
    }

    /** A reload that would be refused. */
    public static PlanReport refused(String reason, List<ConfigProblemReport> problems) {
        return new PlanReport(ReloadOutcome.REFUSED, List.of(), 0, 0, Optional.of(reason), problems);
    }

    /** With problems as a reader of the API may see them. */
    public PlanReport withoutValues() {
        return new PlanReport(
                outcome,
                commands,
                servingRealServers,
                removedRealServers,
                refusal,
                problems.stream().map(ConfigProblemReport::withoutValues).toList());
    }

    /** The commands, one a line. */
    public String commandText() {
        StringBuilder text = new StringBuilder();
        commands.forEach(c -> text.append(c).append('\n'));
        return text.toString();
    }

    /** How many commands and real servers it concerns, or why it would be refused; lines. */
    public String summary() {
        StringBuilder text = new StringBuilder();
        if (outcome == ReloadOutcome.REFUSED) {
            // Without positions, as these are not positions in the user's file.
            problems.stream()
                    .limit(MAX_PROBLEMS)
                    .forEach(p -> text.append(p.text())
                            .append(p.hint().map(h -> "\n    hint: " + h).orElse(""))
                            .append('\n'));
            return text.append("a reload would be refused: ")
                    .append(refusal.orElse(""))
                    .append('\n')
                    .toString();
        }
        text.append(String.format(
                Locale.ROOT,
                "%d command(s); %d of %d real servers that receive connections now would be removed (%d %%)\n",
                commands.size(),
                removedRealServers,
                servingRealServers,
                servingRealServers == 0 ? 0 : PERCENT * removedRealServers / servingRealServers));
        refusal.ifPresent(r ->
                text.append("it would be refused without --force: ").append(r).append('\n'));
        return text.toString();
    }
}
