package io.lvsd.core.view;

import io.lvsd.core.view.ShadowReport.Delay;
import io.lvsd.core.view.ShadowReport.Past;
import io.lvsd.core.view.StatusReport.Difference;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A summary of shadow mode as text, for {@code lvsd shadow report}. */
public final class ShadowText {
    private final ShadowReport report;
    private final DateTimeFormatter clock;
    private final StringBuilder out = new StringBuilder();

    private ShadowText(ShadowReport report, ZoneId zone) {
        this.report = report;
        this.clock =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** @param zone of the times */
    public static String text(ShadowReport report, ZoneId zone) {
        return new ShadowText(report, zone).text();
    }

    private String text() {
        out.append("shadow of ")
                .append(report.other())
                .append(" from ")
                .append(clock.format(report.from()))
                .append(" to ")
                .append(clock.format(report.time()))
                .append(" (")
                .append(Durations.text(Duration.between(report.from(), report.time())))
                .append(")\nagreement: ")
                .append(percent(report.agreement()))
                .append(" of the time, over all real servers\n\n");
        delays();
        servers();
        differences();
        alone();
        return out.toString();
    }

    private void delays() {
        TextTable.append(
                out,
                "",
                List.of("DELAY", "COUNT", "MEDIAN", "WORST"),
                List.of(
                        row("out of service, lvsd later", report.delays().outLvsdLater()),
                        row("out of service, lvsd earlier", report.delays().outOtherLater()),
                        row("into service, lvsd later", report.delays().inLvsdLater()),
                        row("into service, lvsd earlier", report.delays().inOtherLater())),
                row -> row);
        out.append('\n');
    }

    private static List<String> row(String name, Delay delay) {
        return List.of(
                name, String.valueOf(delay.count()), seconds(delay.medianSeconds()), seconds(delay.worstSeconds()));
    }

    private static String seconds(Optional<Double> seconds) {
        return seconds.map(s -> String.format(Locale.ROOT, "%.1f s", s)).orElse("-");
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f %%", value);
    }

    private void servers() {
        TextTable.append(
                out,
                "",
                List.of("VIRTUAL SERVER", "REAL SERVER", "AGREEMENT", "DIFFERENCES"),
                report.servers(),
                s -> List.of(
                        s.virtualServer(), s.realServer(), percent(s.agreement()), String.valueOf(s.differences())));
        out.append('\n');
    }

    private void differences() {
        List<Difference> open = report.open();
        out.append(open.isEmpty() ? "no present difference\n" : "present differences:\n");
        open.forEach(d -> out.append("  ").append(line(d, report.time())).append('\n'));
    }

    /** One present difference in one line. */
    static String line(Difference d, Instant now) {
        return d.virtualServer() + " " + d.realServer().orElse("service " + d.service()) + " " + d.what() + " for "
                + Durations.text(Duration.between(d.since(), now)) + ": wanted " + d.wanted() + ", table " + d.actual()
                + "; " + d.cause();
    }

    private void alone() {
        if (report.alone().isEmpty()) {
            return;
        }
        out.append("changes that the other side did not follow:\n");
        for (Past past : report.alone()) {
            out.append("  ")
                    .append(past.virtualServer())
                    .append(' ')
                    .append(past.realServer().orElse("service " + past.service()))
                    .append(' ')
                    .append(past.what())
                    .append(", changed by ")
                    .append(past.by().equals("other") ? report.other() : past.by())
                    .append(", from ")
                    .append(clock.format(past.since()))
                    .append(" to ")
                    .append(clock.format(past.until()))
                    .append('\n');
        }
    }
}
