package io.lvsd.lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The heap of another JVM. */
final class JavaHeap {
    /** Dead objects that a full collection has not moved the others over, as the JVM calls them. */
    private static final String FILLER = "jdk.internal.vm.Filler";
    /** Column of a histogram with the bytes of a class, or of all. */
    private static final int BYTES = 2;

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
        double fillers = lines.stream()
                .filter(l -> l.contains(FILLER))
                .mapToDouble(l -> bytes(l.strip()))
                .sum();
        return lines.stream()
                .filter(l -> l.startsWith("Total"))
                .mapToDouble(l -> bytes(l) - fillers)
                .findAny()
                .orElseThrow(() -> new IOException("jcmd: " + String.join("\n", lines)));
    }

    private static double bytes(String line) {
        return Double.parseDouble(line.split("\\s+")[BYTES]);
    }
}
