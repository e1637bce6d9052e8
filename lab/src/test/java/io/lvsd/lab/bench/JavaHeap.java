package io.lvsd.lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The heap of another JVM. */
final class JavaHeap {
    private JavaHeap() {}

    /** Bytes of live objects after a full collection. */
    static double liveBytes(long pid) throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/jcmd", String.valueOf(pid), "GC.class_histogram")
                .start();
        List<String> lines;
        try (var reader = histogram.inputReader()) {
            lines = reader.lines().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        histogram.waitFor();
        String total = lines.stream()
                .filter(l -> l.startsWith("Total"))
                .reduce((_, b) -> b)
                .orElseThrow(() -> new IOException("jcmd: " + String.join("\n", lines)));
        return Double.parseDouble(total.split("\\s+")[2]);
    }
}
