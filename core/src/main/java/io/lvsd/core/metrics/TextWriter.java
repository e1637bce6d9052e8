package io.lvsd.core.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tables in a text format. Makes no object for a series: a scrape of 10,000 real servers has more than 100,000. */
final class TextWriter {
    private static final int FLUSH = 32_768;
    private static final long NANO = 1_000_000_000L;
    private static final long MICRO = 1_000_000L;
    /** Integers up to this one have no gaps in a double. */
    private static final double EXACT = 1L << 53;

    private final Format format;
    private final OutputStream out;
    private byte[] buffer = new byte[2 * FLUSH];
    private int length;
    private long left;
    private long dropped;

    /** @param limit number of series; those after it are dropped */
    TextWriter(Format format, OutputStream out, long limit) {
        this.format = format;
        this.out = out;
        this.left = limit;
    }

    /** Series that were dropped. */
    long dropped() {
        return dropped;
    }

    <R extends Row> void write(Table<R> table) throws IOException {
        for (Column<R> column : table.columns()) {
            header(column.family());
            byte[][] names = names(column);
            for (R row : table.rows()) {
                series(column, names, row);
            }
        }
    }

    private static byte[][] names(Column<?> column) {
        byte[][] names = new byte[column.cells().size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = ascii(column.family().name() + column.cells().get(i).suffix());
        }
        return names;
    }

    private <R extends Row> void series(Column<R> column, byte[][] names, R row) throws IOException {
        for (int i = 0; i < names.length; i++) {
            Column.Cell<R> cell = column.cells().get(i);
            double value = cell.value().applyAsDouble(row);
            if (Double.isNaN(value)) {
                continue;
            }
            if (left <= 0) {
                dropped++;
                continue;
            }
            left--;
            put(names[i]);
            labels(row.labels().text(), cell.label());
            put(' ');
            number(value);
            put('\n');
            if (length >= FLUSH) {
                flush();
            }
        }
    }

    private void labels(byte[] labels, String own) {
        if (labels.length == 0 && own.isEmpty()) {
            return;
        }
        put('{');
        put(labels);
        if (labels.length > 0 && !own.isEmpty()) {
            put(',');
        }
        for (int i = 0; i < own.length(); i++) {
            put(own.charAt(i));
        }
        put('}');
    }

    /** OpenMetrics names the metric without the suffix that its series have. */
    private void header(Family family) throws IOException {
        boolean open = format == Format.OPEN_METRICS;
        String name = open ? base(family) : family.name();
        String type = switch (family.type()) {
            case GAUGE -> "gauge";
            case COUNTER -> "counter";
            case INFO -> open ? "info" : "gauge";
            case HISTOGRAM -> "histogram";
        };
        put(("# HELP " + name + " " + family.help() + "\n# TYPE " + name + " " + type + "\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    private static String base(Family family) {
        return switch (family.type()) {
            case GAUGE, HISTOGRAM -> family.name();
            case COUNTER -> family.name().substring(0, family.name().length() - "_total".length());
            case INFO -> family.name().substring(0, family.name().length() - "_info".length());
        };
    }

    /** Without an exponent, with up to nine decimals. */
    private void number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < EXACT) {
            integer((long) value, 1);
        } else if (Math.abs(value) * NANO < EXACT) {
            fixed(Math.round(value * NANO), NANO);
        } else if (Math.abs(value) * MICRO < EXACT) {
            fixed(Math.round(value * MICRO), MICRO);
        } else {
            put(ascii(Double.isInfinite(value) ? value > 0 ? "+Inf" : "-Inf" : Double.toString(value)));
        }
    }

    private void fixed(long scaled, long unit) {
        if (scaled < 0) {
            put('-');
        }
        long magnitude = Math.abs(scaled);
        integer(magnitude / unit, 1);
        long fraction = magnitude % unit;
        if (fraction == 0) {
            return;
        }
        put('.');
        integer(fraction, digits(unit) - 1);
        int end = length;
        while (buffer[end - 1] == '0') {
            end--;
        }
        length = end;
    }

    /** With leading zeros up to a number of digits. */
    private void integer(long value, int least) {
        if (value < 0) {
            put('-');
        }
        long rest = Math.abs(value);
        int count = Math.max(least, digits(rest));
        reserve(count);
        for (int i = length + count - 1; i >= length; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void put(char c) {
        reserve(1);
        buffer[length++] = (byte) c;
    }

    private void put(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    private void reserve(int bytes) {
        if (length + bytes > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + bytes));
        }
    }

    /** Writes a table whatever the limit is. */
    <R extends Row> void writeAlways(Table<R> table) throws IOException {
        long before = left;
        left = Long.MAX_VALUE;
        write(table);
        left = before;
    }

    /** Passes everything on to the stream. */
    void flush() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
    }
}
