package io.lvsd.lab.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The changes of the IPVS table, and the results of connection attempts, with times of {@link System#nanoTime}. The kernel
 * traces them in the same way for every program, and nothing polls the table. Runs in the guest as root; covers all network namespaces.
 */
final class KernelTrace implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/kernel/tracing");
    private static final Path CONNECTIONS = ROOT.resolve("events/sock/inet_sock_set_state");
    private static final String GROUP = "lvsd_bench";
    private static final int BUFFER_KIB = 32_768;
    private static final long STEP_MILLIS = 10;
    /** A command, process and thread; processor; flags; time in seconds; name of the event; its fields. */
    private static final Pattern LINE = Pattern.compile(" *.+-\\d+ +\\[\\d+] \\S+ +(\\d+)\\.(\\d{6}): (\\w+): (.*)");

    private static final Pattern DESTINATION = Pattern.compile(".* addr=0x([0-9a-f]+)");
    private static final Pattern CONNECTION = Pattern.compile(".* daddr=(\\S+) .* newstate=(\\w+)");

    /** What happened. */
    enum Kind {
        ADDED("ip_vs_add_dest"),
        EDITED("ip_vs_edit_dest"),
        REMOVED("ip_vs_del_dest"),
        CONNECTED(""),
        REFUSED("");

        /** The function of the kernel that changes the table; empty for results of connection attempts. */
        private final String function;

        Kind(String function) {
            this.function = function;
        }

        boolean isWrite() {
            return !function.isEmpty();
        }

        private static Stream<Kind> writes() {
            return Stream.of(values()).filter(Kind::isWrite);
        }
    }

    /**
     * A traced event.
     *
     * @param nanos as {@link System#nanoTime}
     * @param address of the real server
     */
    record Event(long nanos, Kind kind, String address) {}

    private KernelTrace() {}

    /** Traces changes of the table. */
    static KernelTrace ofTable() throws IOException, InterruptedException {
        KernelTrace trace = prepare();
        trace.restart();
        return trace;
    }

    /** Traces changes of the table, and results of connection attempts to a port. */
    static KernelTrace ofTableAndConnections(int port) throws IOException, InterruptedException {
        KernelTrace trace = prepare();
        // 2: TCP_SYN_SENT
        write("events/sock/inet_sock_set_state/filter", "oldstate == 2 && dport == " + port);
        write("events/sock/inet_sock_set_state/enable", "1");
        trace.restart();
        return trace;
    }

    private static KernelTrace prepare() throws IOException, InterruptedException {
        if (!Files.exists(ROOT.resolve("kprobe_events"))) {
            Commands.run("mount", "-t", "tracefs", "tracefs", ROOT.toString());
        }
        KernelTrace trace = new KernelTrace();
        trace.close();
        write("trace_clock", "mono");
        write("buffer_size_kb", String.valueOf(BUFFER_KIB));
        // The second parameter of each function points to the destination, which begins with its address.
        write(
                "kprobe_events",
                Kind.writes()
                        .map(k -> "p:" + GROUP + "/" + k + " " + k.function + " addr=+0(%si):x32\n")
                        .collect(Collectors.joining()));
        write("events/" + GROUP + "/enable", "1");
        return trace;
    }

    private static void write(String file, String text) throws IOException {
        Files.writeString(ROOT.resolve(file), text);
    }

    /** How many events were traced so far. Costs little. */
    long count() throws IOException {
        long count = 0;
        try (Stream<Path> processors = Files.list(ROOT.resolve("per_cpu"))) {
            for (Path processor : processors.toList()) {
                String entries = Files.readAllLines(processor.resolve("stats")).getFirst();
                count += Long.parseLong(
                        entries.substring(entries.indexOf(':') + 1).strip());
            }
        }
        return count;
    }

    /** Waits until so many events were traced. */
    void await(long wanted, Contender contender, Duration patience) throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (long count = count(); count < wanted; count = count()) {
            if (System.nanoTime() - start > patience.toNanos()) {
                throw new IOException(count + " of " + wanted + " events were traced\n" + contender.logTail());
            }
            Thread.sleep(STEP_MILLIS);
        }
    }

    /** Forgets the events so far, and continues. */
    void restart() throws IOException {
        write("trace", "");
        write("tracing_on", "1");
    }

    /** The events so far, in the order of their times. Tracing stops. */
    List<Event> stop() throws IOException {
        write("tracing_on", "0");
        List<Event> events = new ArrayList<>();
        try (Stream<String> lines = Files.lines(ROOT.resolve("trace"), StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.contains("LOST")) {
                    throw new IOException("events were lost: " + line);
                }
                event(line).ifPresent(events::add);
            }
        }
        return events;
    }

    private static Optional<Event> event(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long nanos = Long.parseLong(matcher.group(1)) * 1_000_000_000L + Long.parseLong(matcher.group(2)) * 1_000L;
        String name = matcher.group(3);
        String fields = matcher.group(4);
        return name.equals("inet_sock_set_state")
                ? connection(nanos, fields)
                : Optional.of(new Event(nanos, Kind.valueOf(name), destination(fields)));
    }

    private static Optional<Event> connection(long nanos, String fields) {
        Matcher matcher = CONNECTION.matcher(fields);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(fields);
        }
        Optional<Kind> kind = switch (matcher.group(2)) {
            case "TCP_ESTABLISHED" -> Optional.of(Kind.CONNECTED);
            case "TCP_CLOSE" -> Optional.of(Kind.REFUSED);
            default -> Optional.empty();
        };
        return kind.map(k -> new Event(nanos, k, matcher.group(1)));
    }

    /** The number is in the byte order of this machine: its first octet is the last one of the address. */
    private static String destination(String fields) {
        Matcher matcher = DESTINATION.matcher(fields);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(fields);
        }
        long number = Long.parseLong(matcher.group(1), 16);
        return IntStream.range(0, 4)
                .mapToObj(octet -> String.valueOf(number >> 8 * octet & 255))
                .collect(Collectors.joining("."));
    }

    @Override
    public void close() throws IOException {
        write("tracing_on", "0");
        if (Files.exists(ROOT.resolve("events/" + GROUP))) {
            write("events/" + GROUP + "/enable", "0");
        }
        Files.writeString(CONNECTIONS.resolve("enable"), "0");
        Files.writeString(CONNECTIONS.resolve("filter"), "0");
        write("kprobe_events", "");
        write("trace", "");
    }
}
