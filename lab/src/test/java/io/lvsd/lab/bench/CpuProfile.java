package io.lvsd.lab.bench;

import io.lvsd.lab.bench.Contender.Used;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * What the threads of a daemon use their CPU time for: the time of each thread, divided in proportion to samples of its stacks. A
 * sample belongs to the part of its innermost frame that belongs to one. Only Java code is sampled, not system calls: their time
 * is divided like the rest of the thread's time.
 */
final class CpuProfile {
    /** Starts a daemon that can be profiled: Java stops threads by SIGUSR2 otherwise, which lvsd handles itself. */
    static final String[] PROFILED = {"env", "_JAVA_SR_SIGNUM=40"};

    private static final String EVENT = "jdk.ExecutionSample";
    private static final String SETTINGS = """
        <?xml version="1.0" encoding="UTF-8"?>
        <configuration version="2.0">
          <event name="%s">
            <setting name="enabled">true</setting>
            <setting name="period">10 ms</setting>
          </event>
        </configuration>
        """.formatted(EVENT);

    /** A duty of the daemon, with its classes. */
    enum Part {
        READING(
                "reading",
                "ipvs\\.(kernel|netlink|codec)\\..*|core\\.loop\\.TableRound.*|core\\.plan\\.(ReadingDifference|Drift)"
                        + "|core\\.engine\\.(KernelAccess|KernelTable|ReadScope|TableState|TableStep).*"),
        PLANNING("planning", "core\\.plan\\..*|core\\.engine\\.WantedTable.*"),
        COUNTERS("counters of metrics", "core\\.metrics\\.(.*Meters|CheckStats|Buckets|Metrics).*"),
        VIEWS("views", "core\\.(view|page|api|metrics)\\..*|core\\.daemon\\.(SnmpViews|TableSnapshots).*|snmp\\..*"),
        CHECKS("checks", "checkers\\..*"),
        STORE("store", "core\\.store\\..*"),
        ENGINE("rest of the engine", "core\\.(engine|loop)\\..*"),
        JIT("JIT compiler", ""),
        GC("garbage collection", ""),
        OTHER("other", "");

        private final String text;
        private final Pattern classes;

        /** @param classes an expression for their names, after io.lvsd; the first part that matches has a class */
        Part(String text, String classes) {
            this.text = text;
            this.classes = Pattern.compile("io\\.lvsd\\.(" + classes + ")");
        }

        String text() {
            return text;
        }

        /** The part of a thread without Java code. */
        private static Part ofThread(String thread) {
            if (thread.contains("Compiler")) {
                return JIT;
            }
            return thread.equals("VM Thread") ? GC : OTHER;
        }

        private boolean has(String type) {
            return classes.matcher(type).matches();
        }
    }

    private static final long SETTLE_MILLIS = 5_000;
    private static final double NANOS_PER_MINUTE = 60e9;

    private final Contender contender;
    private final Path directory;
    private Map<String, Used> before = Map.of();
    private long start;

    private CpuProfile(Contender contender, Path directory) {
        this.contender = contender;
        this.directory = directory;
    }

    /** Begins to sample; waits until the start of that is over. */
    static CpuProfile start(Contender contender, Path directory) throws IOException, InterruptedException {
        Path settings = Files.writeString(directory.resolve("profile.jfc"), SETTINGS);
        CpuProfile profile = new CpuProfile(contender, directory);
        profile.command("JFR.start", "name=bench", "settings=" + settings);
        Thread.sleep(SETTLE_MILLIS);
        profile.before = contender.usedByThread();
        profile.start = System.nanoTime();
        return profile;
    }

    /** Seconds of CPU time of each part in a minute. Ends to sample. */
    Map<Part, Double> stop() throws IOException, InterruptedException {
        Map<String, Used> after = contender.usedByThread();
        double minutes = (System.nanoTime() - start) / NANOS_PER_MINUTE;
        Path file = directory.resolve("profile.jfr");
        command("JFR.stop", "name=bench", "filename=" + file);
        Map<String, Map<Part, Integer>> samples = samples(file);
        Map<Part, Double> seconds = new EnumMap<>(Part.class);
        after.forEach((thread, used) -> {
            double time =
                    used.minus(before.getOrDefault(thread, new Used(0, 0))).seconds();
            Map<Part, Integer> parts = samples.getOrDefault(thread, Map.of(Part.ofThread(thread), 1));
            double all = parts.values().stream().mapToInt(n -> n).sum();
            parts.forEach((part, count) -> seconds.merge(part, time * count / all / minutes, Double::sum));
        });
        return seconds;
    }

    /** The number of samples of each part, by thread. */
    private static Map<String, Map<Part, Integer>> samples(Path file) throws IOException {
        Map<String, Map<Part, Integer>> samples = new HashMap<>();
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                if (event.getEventType().getName().equals(EVENT)) {
                    String thread = event.getThread("sampledThread").getOSName();
                    samples.computeIfAbsent(
                                    thread.equals("main") ? "java" : Contender.withoutNumbers(thread),
                                    _ -> new EnumMap<>(Part.class))
                            .merge(part(event), 1, Integer::sum);
                }
            }
        }
        return samples;
    }

    private static Part part(RecordedEvent event) {
        return event.getStackTrace().getFrames().stream()
                .map(RecordedFrame::getMethod)
                .flatMap(method -> part(method.getType().getName()).stream())
                .findFirst()
                .orElse(Part.OTHER);
    }

    private static Optional<Part> part(String type) {
        return List.of(Part.values()).stream().filter(p -> p.has(type)).findFirst();
    }

    private void command(String... arguments) throws IOException, InterruptedException {
        String[] jcmd = {System.getProperty("java.home") + "/bin/jcmd", String.valueOf(contender.pid())};
        Path out = directory.resolve("jcmd.log");
        int status = new ProcessBuilder(Commands.after(jcmd, arguments))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("jcmd " + String.join(" ", arguments) + " fails: " + Files.readString(out));
        }
    }
}
