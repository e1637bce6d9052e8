package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Axis "start": the time from exec until the table is complete, and until its first entry is written. {@code guest} compares
 * lvsd with keepalived and {@code ipvsadm -R} by turns, {@code native} measures lvsd with the memory driver.
 */
public final class StartBench {
    private static final Recorder RECORDER = Recorder.of("start");
    private static final String COMPLETE = "complete table";
    private static final String FIRST = "first entry";
    private static final String FIRST_NATIVE = "first entry, memory driver, native";
    private static final int FEW = 10;
    private static final int[] SIZES = {FEW, 100, 1_000, 10_000, WideConfig.REAL_SERVERS};
    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long STEP_MILLIS = 10;
    private static final int NATIVE_ROUNDS = Quick.QUICK ? 2 : 10;
    /** In the guest, the cache is not used by default. */
    private static final String[] CACHED = {"env", "-u", "LVSD_AOT_CACHE"};
    /** As the JVM of the guest (see lab/bin/vm), also the one that writes the cache. */
    private static final String C1_ONLY = "JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1";

    private final Path rules;

    private StartBench(Path rules) {
        this.rules = rules;
    }

    /** @param arguments {@code guest} or {@code native} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals("native")) {
            nativeStarts();
        } else {
            new StartBench(Files.createTempFile("rules", "")).guest();
        }
        System.exit(0);
    }

    private void guest() throws IOException, InterruptedException {
        for (Build build : Build.all()) {
            Progress.report("start: " + build.name() + " creates its ahead-of-time cache");
            makeCache(build);
        }
        List<Subject> subjects = new ArrayList<>(Subject.daemons());
        subjects.add(1, new Subject("ipvsadm", this::ipvsadm));
        for (Subject subject : subjects) {
            // Reads the files of the host; not recorded.
            measure(subject, FEW, 0);
        }
        for (int size : Quick.QUICK ? new int[] {FEW, SIZES[1]} : SIZES) {
            for (int round = 1; round <= rounds(size); round++) {
                for (Subject subject : subjects) {
                    measure(subject, size, round);
                }
            }
        }
    }

    /** More for the sizes with a target; the others show how the time grows. */
    private static int rounds(int size) {
        return !Quick.QUICK && (size == FEW || size == WideConfig.REAL_SERVERS) ? ROUNDS : 1;
    }

    /** An installed lvsd has a cache, which the launcher creates for this kind of processor. */
    private static void makeCache(Build build) throws IOException, InterruptedException {
        try (DirectoryStream<Path> caches =
                Files.newDirectoryStream(build.root().resolve("core/target"), "*.aot*")) {
            for (Path cache : caches) {
                Files.delete(cache);
            }
        }
        // An older build makes it at its first start.
        boolean hasCommand = Files.exists(build.root().resolve("core/bin/make-cache"));
        Commands.run(Commands.after(CACHED, C1_ONLY, build.launcher(), hasCommand ? "--make-cache" : "version"));
    }

    private Contender ipvsadm(Path directory, String... before) throws IOException {
        return new Contender(directory, "ipvsadm", Commands.after(before, "sh", "-c", "exec ipvsadm -R <" + rules));
    }

    /** @param round 0: not recorded */
    private void measure(Subject subject, int size, int round) throws IOException, InterruptedException {
        String config = WideConfig.text(size, WideConfig::weight, "");
        Path directory = Subject.directory(config);
        Files.writeString(rules, rules(config));
        try (KernelTrace trace = KernelTrace.ofTable()) {
            long start = System.nanoTime();
            Contender contender = subject.start(directory, CACHED);
            try {
                trace.await(size, contender, PATIENCE);
                List<KernelTrace.Event> events = trace.stop();
                record(COMPLETE, subject, size, round, events.getLast().nanos() - start);
                record(FIRST, subject, size, round, events.getFirst().nanos() - start);
            } finally {
                contender.kill();
            }
        }
        Commands.emptyTable();
    }

    private static void record(String what, Subject subject, int size, int round, long nanos) {
        double seconds = nanos / 1e9;
        if (round > 0) {
            RECORDER.add(what, size, subject.name(), "s", round, seconds);
        }
    }

    /** The same table in the form of {@code ipvsadm -S}. */
    private static String rules(String config) {
        StringBuilder text = new StringBuilder();
        String service = "";
        String server = "";
        for (String line : (Iterable<String>) config.lines()::iterator) {
            String[] words = line.strip().split(" ");
            switch (words[0]) {
                case "virtual_server" -> {
                    service = words[1] + ":" + words[2];
                    text.append("-A -t ").append(service).append(" -s wlc\n");
                }
                case "real_server" -> server = words[1] + ":" + words[2];
                case "weight" -> text.append("-a -t " + service + " -r " + server + " -m -w " + words[1] + "\n");
                default -> {
                    // no part of the table
                }
            }
        }
        return text.toString();
    }

    /** Until the first line about a command, by the clock of the log. */
    private static void nativeStarts() throws IOException, InterruptedException {
        String config = "lvsd {\n  driver memory\n  log {\n    level debug\n  }\n}\n"
                + WideConfig.text(FEW, WideConfig::weight, "");
        for (int round = 0; round <= NATIVE_ROUNDS; round++) {
            for (Subject build : Subject.builds()) {
                Path directory = Subject.directory(config);
                Instant start = Instant.now();
                Contender daemon = build.start(directory);
                try {
                    Instant first = firstCommand(daemon);
                    record(
                            FIRST_NATIVE,
                            build,
                            FEW,
                            round,
                            Duration.between(start, first).toNanos());
                } finally {
                    daemon.end();
                }
            }
        }
    }

    private static Instant firstCommand(Contender daemon) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && daemon.isAlive()) {
            try (Stream<String> lines = Files.lines(daemon.log())) {
                Optional<String> line =
                        lines.filter(l -> l.contains("event=ipvs.command")).findFirst();
                if (line.isPresent()) {
                    return OffsetDateTime.parse(line.get().split(" ", 2)[0]).toInstant();
                }
            }
            Thread.sleep(STEP_MILLIS);
        }
        throw new IOException("no command\n" + daemon.logTail());
    }
}
