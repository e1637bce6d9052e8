package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of tables. */
final class TextWriterTest {
    private static String text(Format format, Table<?>... tables) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextWriter writer = new TextWriter(format, out, Long.MAX_VALUE);
        for (Table<?> table : tables) {
            writer.write(table);
        }
        writer.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "-17, -17",
        "4294967296, 4294967296",
        "0.25, 0.25",
        "-0.25, -0.25",
        "0.000345678, 0.000345678",
        "1e-9, 0.000000001",
        "1e-12, 0",
        "30.0005, 30.0005",
        "1764212345.678, 1764212345.678",
        "1e300, 1.0E300",
        "Infinity, +Inf",
        "-Infinity, -Inf"
    })
    void aNumberHasNoExponentWhereItNeedsNone(double value, String expected) throws IOException {
        String text = text(Format.PROMETHEUS, Table.of(Family.gauge("x", "X"), value));
        assertEquals("# HELP x X\n# TYPE x gauge\nx " + expected + "\n", text);
    }

    @Test
    void openMetricsNamesAMetricWithoutTheSuffixOfItsSeries() throws IOException {
        Table<?> counter = Table.of(Family.counter("x_total", "X"), 3);
        Table<?> info = Table.of(Family.info("y_info", "Y"), List.of(new Row.Single(Labels.of("version", "1"), 1)));
        assertEquals(
                "# HELP x_total X\n# TYPE x_total counter\nx_total 3\n"
                        + "# HELP y_info Y\n# TYPE y_info gauge\ny_info{version=\"1\"} 1\n",
                text(Format.PROMETHEUS, counter, info));
        assertEquals(
                "# HELP x X\n# TYPE x counter\nx_total 3\n# HELP y Y\n# TYPE y info\ny_info{version=\"1\"} 1\n",
                text(Format.OPEN_METRICS, counter, info));
    }

    @Test
    void aSeriesHasTheLabelsOfItsRowAndOfItsCell() throws IOException {
        Column<Row.Single> column =
                Column.of(Family.counter("x_total", "X"), "to", "up", r -> r.value(), "down", r -> Double.NaN);
        Table<Row.Single> table = new Table<>(
                List.of(new Row.Single(Labels.of("a", "b\\c\"d\ne"), 1), new Row.Single(Labels.NONE, 2)),
                List.of(column));
        assertEquals(
                "# HELP x_total X\n# TYPE x_total counter\n"
                        + "x_total{a=\"b\\\\c\\\"d\\ne\",to=\"up\"} 1\nx_total{to=\"up\"} 2\n",
                text(Format.PROMETHEUS, table));
    }

    @Test
    void labelsKeepCharactersThatAreNotAscii() {
        Labels labels = Labels.of("name", "Zürich").and("x", "1").and("y", "✓");
        assertEquals("name=\"Zürich\",x=\"1\",y=\"✓\"", new String(labels.text(), StandardCharsets.UTF_8));
        assertEquals(List.of("name", "Zürich", "x", "1", "y", "✓"), labels.pairs());
    }

    @Test
    void theLimitDropsTheLastSeriesAndCountsThem() throws IOException {
        List<Row.Single> rows = IntStream.range(0, 3)
                .mapToObj(i -> new Row.Single(Labels.of("i", "" + i), i))
                .toList();
        Table<Row.Single> first = Table.of(Family.gauge("x", "X"), rows);
        Table<Row.Single> second = Table.of(Family.gauge("y", "Y"), rows);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextWriter writer = new TextWriter(Format.PROMETHEUS, out, 4);
        writer.write(first);
        writer.write(second);
        assertEquals(2, writer.dropped());
        writer.writeAlways(Table.of(Family.gauge("z", "Z"), (double) writer.dropped()));
        writer.flush();
        assertEquals(
                "# HELP x X\n# TYPE x gauge\nx{i=\"0\"} 0\nx{i=\"1\"} 1\nx{i=\"2\"} 2\n"
                        + "# HELP y Y\n# TYPE y gauge\ny{i=\"0\"} 0\n# HELP z Z\n# TYPE z gauge\nz 2\n",
                out.toString(StandardCharsets.UTF_8));
    }

    /** More than the writer's buffer holds, and one label that is longer than it. */
    @Test
    void longOutputIsComplete() throws IOException {
        String longValue = "v".repeat(200_000);
        List<Row.Single> rows = IntStream.range(0, 5_000)
                .mapToObj(i -> new Row.Single(Labels.of("i", i == 2_500 ? longValue : "" + i), i))
                .toList();
        List<String> lines = text(Format.PROMETHEUS, Table.of(Family.gauge("x", "X"), rows))
                .lines()
                .toList();
        assertEquals(5_002, lines.size());
        assertEquals("x{i=\"" + longValue + "\"} 2500", lines.get(2_502));
        assertEquals("x{i=\"4999\"} 4999", lines.getLast());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                                   | PROMETHEUS",
                "*/*                                                                  | PROMETHEUS",
                "text/plain                                                           | PROMETHEUS",
                "application/openmetrics-text                                         | OPEN_METRICS",
                "Application/OpenMetrics-Text; version=1.0.0                          | OPEN_METRICS",
                "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5 | OPEN_METRICS",
                "application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.5    | PROMETHEUS",
                "application/openmetrics-text;q=0,text/plain;q=0                      | PROMETHEUS",
                "application/openmetrics-text;q=x                                     | PROMETHEUS",
                "application/vnd.google.protobuf;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1 |"
                        + " OPEN_METRICS"
            })
    void theHeaderAcceptChoosesTheFormat(String accept, Format expected) {
        assertEquals(expected, Format.of(accept));
    }
}
