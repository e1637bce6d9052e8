package io.lvsd.lab.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the page and the plots for the results in a directory. */
public final class ReportMain {
    private ReportMain() {}

    /** @param arguments the directory with the files AXIS.tsv, then the axes to print */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        List<AxisResults> all = new ArrayList<>();
        for (Axis axis : Axes.ALL) {
            Path file = directory.resolve(axis.name() + ".tsv");
            if (Files.exists(file)) {
                AxisResults results = AxisResults.parse(axis, Files.readAllLines(file));
                Files.writeString(directory.resolve(axis.name() + ".svg"), Plot.of(results));
                all.add(results);
                if (List.of(arguments).contains(axis.name())) {
                    System.out.print(Report.table(results));
                }
            }
        }
        Files.writeString(directory.resolve("README.md"), Report.page(all));
    }
}
