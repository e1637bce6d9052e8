package io.lvsd.lab.bench;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Reports on standard error what a benchmark does, so that a long step can be distinguished from one that hangs. */
final class Progress {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private Progress() {}

    @SuppressWarnings("SystemOut")
    static void report(String text) {
        System.err.println(TIME.format(LocalTime.now(ZoneId.systemDefault())) + " " + text);
    }
}
