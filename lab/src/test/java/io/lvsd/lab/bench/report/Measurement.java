package io.lvsd.lab.bench.report;

/** One line of the results: a single measurement, without its axis. */
record Measurement(String what, long size, String subject, String unit, double value) {
    private static final int FIELDS = 7;
    private static final int WHAT = 1;
    private static final int SIZE = 2;
    private static final int SUBJECT = 3;
    private static final int UNIT = 4;
    private static final int VALUE = 6;

    /** Reads a line that {@link io.lvsd.bench.Recorder} wrote. */
    static Measurement parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException(
                    "invalid line '" + line + "': expected " + FIELDS + " fields separated by tabs");
        }
        return new Measurement(
                fields[WHAT],
                Long.parseLong(fields[SIZE]),
                fields[SUBJECT],
                fields[UNIT],
                Double.parseDouble(fields[VALUE]));
    }
}
