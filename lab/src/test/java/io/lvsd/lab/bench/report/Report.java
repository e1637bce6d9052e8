package io.lvsd.lab.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The page that shows the results of all axes, in Markdown. */
final class Report {
    private static final String HEAD = """
        # Results of the benchmarks

        Written by `lab/bench`; do not edit. [lab/README.md](../README.md#benchmarks) describes how the axes are run.

        ## How to read them

        - lvsd and its peers run by turns (A B A B) in the same run, on the same machine or in the same guest, which the line below each
          heading names. `before` is an older build of lvsd in the same run.
        - Each cell is the **median** of the rounds, then the **spread**: the lowest and the highest round. The files `AXIS.tsv` contain
          every single round.
        - The **ratio** is lvsd's median divided by the peer's; with several peers, by the better one. Below 1 is better, except where the
          target begins with ≥.
        - If the spreads of the two overlap, the measurement shows no difference: the ratio is marked *equal* and counts as 1.
        - The **target** is a limit of that ratio (≤ ×, ≥ ×), or of lvsd's value in the unit of the line. Lines without a target are
          figures for information.
        - In the plots, a point is a median and the line through it the spread. Sizes are on a logarithmic axis, and values too if they
          differ by more than 30 times.

        ## What they do not show

        - **Times of a guest are not times of a real machine.** The guest is emulated: everything takes 10 to 15 times as long, and not
          everything by the same factor. Only the compiler C1 of Java is used there, because C2 would use the processors for most of a
          measurement; the axis checks uses C2 after all its code is compiled. Ratios are the result; they are unfavourable for Java.
        - The machine has two processors, and both the daemon and what plays the real servers run on it. A machine with more processors
          gives other durations; CPU time changes less.
        - Real servers are one process on loopback that answers at once. There is no network, no packet loss and no slow server.
        - Tables are regular: services of similar size, one kind of check, IPv4. A site with other checks has other costs.
        - A round is seconds to minutes. Effects of days, such as fragmentation of memory, are not in them.
        - keepalived is the version of the distribution, without VRRP, with its defaults. Other versions and settings are not compared.

        """;

    private Report() {}

    static String page(List<AxisResults> all) {
        StringBuilder out = new StringBuilder(HEAD)
                .append("## Summary\n\n| axis | target met | missed | figures |\n|---|---|---|---|\n");
        for (AxisResults results : all) {
            out.append(summary(results));
        }
        all.forEach(results -> out.append('\n').append(section(results)));
        return out.toString();
    }

    private static String summary(AxisResults results) {
        long met = count(results, Row.Verdict.MET) + count(results, Row.Verdict.EQUAL_MET);
        long missed = count(results, Row.Verdict.MISSED) + count(results, Row.Verdict.EQUAL_MISSED);
        Axis axis = results.axis();
        return String.format(
                Locale.ROOT,
                "| [%s](#%s) | %d | %d | %d |%n",
                axis.name(),
                axis.name(),
                met,
                missed,
                results.rows().size() - met - missed);
    }

    private static long count(AxisResults results, Row.Verdict verdict) {
        return results.rows().stream().filter(r -> r.verdict() == verdict).count();
    }

    private static String section(AxisResults results) {
        Axis axis = results.axis();
        StringBuilder out = new StringBuilder("## " + axis.name() + "\n\n");
        out.append(axis.title()).append(". ").append(axis.explanation()).append("\n\n");
        results.head().forEach((name, text) -> {
            if (!name.equals("axis")) {
                out.append("- ").append(name).append(": ").append(text).append('\n');
            }
        });
        out.append("\n![").append(axis.title()).append("](").append(axis.name()).append(".svg)\n\n");
        return out.append(table(results)).toString();
    }

    static String table(AxisResults results) {
        List<Column> columns = columns(results);
        StringBuilder out = new StringBuilder();
        out.append(line(columns.stream().map(Column::title).toList()));
        out.append(line(columns.stream().map(_ -> "---").toList()));
        for (Row row : results.rows()) {
            out.append(line(columns.stream().map(c -> c.cell().apply(row)).toList()));
        }
        return out.toString();
    }

    private record Column(String title, Function<Row, String> cell) {}

    private static List<Column> columns(AxisResults results) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("case", r -> r.target().what()));
        columns.add(new Column(results.axis().sizes(), r -> String.format(Locale.ROOT, "%,d", r.size())));
        columns.add(new Column("unit", Row::unit));
        for (String subject : results.subjects()) {
            columns.add(
                    new Column(subject, r -> r.sample(subject).map(Sample::text).orElse("")));
        }
        if (results.subjects().contains("before")) {
            columns.add(new Column("ratio to before", r -> ratio(r.ratioToBefore(), r.isEqualToBefore())));
        }
        if (results.rows().stream().anyMatch(r -> r.ratio().isPresent())) {
            columns.add(new Column("compared with", r -> r.bestPeer().orElse("")));
            columns.add(new Column("ratio", r -> ratio(r.ratio(), r.isEqualToPeer())));
        }
        columns.add(new Column("target", r -> r.target().text(r.size())));
        columns.add(new Column("verdict", r -> r.verdict().text()));
        return columns;
    }

    private static String ratio(Optional<Double> ratio, boolean equal) {
        return ratio.map(r -> String.format(Locale.ROOT, "%.2f%s", r, equal ? " (equal)" : ""))
                .orElse("");
    }

    private static String line(List<String> cells) {
        return cells.stream().map(c -> c.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
