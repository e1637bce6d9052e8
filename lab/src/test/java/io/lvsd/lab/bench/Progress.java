package io.lvsd.lab.bench;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Reports on standard error what a benchmark does, so that a long step can be distinguished from one that hangs. */
final class Progress {
    private Progress() {}

    @SuppressWarnings("SystemOut")
    static void report(String text) {
        System.err.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + text);
    }
}
