package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import io.lvsd.lab.bench.KernelTrace.Event;
import io.lvsd.lab.bench.KernelTrace.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Axis latency: from the end of a check's connection attempt, as the kernel traced it, until the kernel changes its table. 500 real
 * servers are checked every second, and some of them stop or start to listen every second.
 */
public final class LatencyBench {
    private static final int SIZE = 500;
    private static final int TURNS = Quick.QUICK ? 1 : 3;
    private static final long WARM_MILLIS = Quick.QUICK ? 10_000 : 15_000;
    private static final long MEASURED_MILLIS = Quick.QUICK ? 10_000 : 15_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String CHECK = "TCP_CHECK {\n      connect_timeout 3\n      retry 0\n    }";

    private final Recorder recorder = Recorder.of("latency");

    private LatencyBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Process servers = ProbeBench.java(FlapServer.class, SIZE);
        try {
            Thread.sleep(10_000);
            for (int turn = 1; turn <= TURNS; turn++) {
                for (Subject subject : Subject.daemons()) {
                    Progress.report("latency: round " + turn + ", " + subject.name());
                    new LatencyBench().turn(subject, turn);
                }
            }
        } finally {
            servers.destroyForcibly();
        }
        System.exit(0);
    }

    private void turn(Subject subject, int turn) throws IOException, InterruptedException {
        String config = ProbeBench.config(SIZE, 1, CHECK);
        List<Event> events;
        try (KernelTrace trace = KernelTrace.ofTableAndConnections(ProbeBench.PORT)) {
            Contender daemon = subject.start(Subject.directory(config.substring(config.indexOf("virtual_server"))));
            try {
                trace.await(SIZE, daemon, PATIENCE);
                Thread.sleep(WARM_MILLIS);
                trace.restart();
                Thread.sleep(MEASURED_MILLIS);
                events = trace.stop();
            } finally {
                daemon.kill();
            }
        }
        Commands.run("ipvsadm", "-C");
        long[] micros = latencies(events);
        if (micros.length == 0) {
            throw new IOException(subject.name() + " did not change the table");
        }
        recorder.add("check to table, median", SIZE, subject.name(), "ms", turn, percentile(micros, 50) / 1e3);
        recorder.add("check to table, p99", SIZE, subject.name(), "ms", turn, percentile(micros, 99) / 1e3);
        long checks = events.stream().filter(e -> !e.kind().isWrite()).count();
        recorder.add("checks per second", SIZE, subject.name(), "checks", turn, checks * 1e3 / MEASURED_MILLIS);
    }

    /** In microseconds, in ascending order. A result that does not differ from the one before leads to no change. */
    private static long[] latencies(List<Event> events) {
        Map<String, Event> results = new HashMap<>();
        List<Long> micros = new ArrayList<>();
        for (Event event : events) {
            if (event.kind().isWrite()) {
                Event result = results.get(event.address());
                if (result != null && event.kind() == (result.kind() == Kind.CONNECTED ? Kind.ADDED : Kind.REMOVED)) {
                    micros.add((event.nanos() - result.nanos()) / 1_000);
                }
            } else {
                results.merge(event.address(), event, (before, now) -> before.kind() == now.kind() ? before : now);
            }
        }
        return micros.stream().mapToLong(m -> m).sorted().toArray();
    }

    private static long percentile(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
