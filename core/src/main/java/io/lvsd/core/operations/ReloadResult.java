package io.lvsd.core.operations;

import io.lvsd.core.view.ReloadReport;

/**
 * The result of a reload.
 *
 * @param problems the new problems in full, and the number of those that the running configuration has too
 */
public record ReloadResult(ReloadReport report, String problems) {
    /** What was done or why nothing was, and the commands of a plan that the reload guard refused; lines. */
    public String text() {
        StringBuilder text = new StringBuilder(report.text()).append('\n');
        report.commands().forEach(c -> text.append(c).append('\n'));
        return text.toString();
    }
}
