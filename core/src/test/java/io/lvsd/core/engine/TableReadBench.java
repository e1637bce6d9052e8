package io.lvsd.core.engine;

import com.sun.management.ThreadMXBean;
import io.lvsd.bench.Recorder;
import io.lvsd.core.log.LogSetup;
import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.kernel.ScriptedKernel;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.netlink.NetlinkTransport;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Axis read: CPU time and allocation of a reading of the table, and of the engine's step for it, with the bytes of Linux 6.1. The
 * system calls and the kernel's own work are not included. {@code lab/bench read} runs it.
 */
final class TableReadBench {
    private static final int[] SIZES = {100, 1_000, 10_000, 37_205, 50_000};
    private static final int[] QUICK_SIZES = {100, 1_000};
    /** Real servers of a service, on average: 37,205 in 2,277. */
    private static final double PER_SERVICE = 16.34;

    private static final int WARMUP = 15;
    private static final int WARM_DESTINATIONS = 100_000;
    private static final int ROUNDS = 11;
    private static final int BYTE = 256;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final List<byte[]> requests = new ArrayList<>();
    private final Recorder recorder = Recorder.of("read");
    private final int size;
    private EngineState state;

    /** @param cpu nanoseconds */
    private record Cost(long cpu, long bytes) {
        static Cost of(Runnable work) {
            long cpu = THREADS.getCurrentThreadCpuTime();
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            return new Cost(THREADS.getCurrentThreadCpuTime() - cpu, THREADS.getCurrentThreadAllocatedBytes() - bytes);
        }

        Cost minus(Cost other) {
            return new Cost(cpu - other.cpu, bytes - other.bytes);
        }
    }

    /** Passes everything on, and keeps the requests. */
    private final class Requests implements NetlinkTransport {
        @Override
        public void send(byte[] datagram) {
            requests.add(datagram);
            kernel.send(datagram);
        }

        @Override
        public ByteBuffer receive() {
            return kernel.receive();
        }

        @Override
        public void close() {
            kernel.close();
        }
    }

    private TableReadBench(int size) {
        this.size = size;
        World world = new World().start(config(size));
        state = world.state;
        world.kernel.read().services().values().forEach(service -> {
            ScriptedKernel.Entry entry = new ScriptedKernel.Entry(service.config());
            entry.destinations.addAll(service.destinations().values());
            kernel.services.add(entry);
        });
    }

    public static void main(String[] arguments) {
        LogSetup.install();
        for (int size : "yes".equals(System.getenv("LVSD_BENCH_QUICK")) ? QUICK_SIZES : SIZES) {
            TableReadBench bench = new TableReadBench(size);
            bench.measure("first reading", true, _ -> {});
            bench.measure("unchanged", false, _ -> {});
            bench.measure("counters of 1 % changed", false, round -> bench.count(round, 100));
            bench.measure("counters of all changed", false, round -> bench.count(round, 1));
        }
    }

    private static String config(int size) {
        StringBuilder out = new StringBuilder();
        int services = (int) Math.ceil(size / PER_SERVICE);
        for (int v = 0; v < services; v++) {
            out.append("virtual_server 10.1.")
                    .append(v / BYTE)
                    .append('.')
                    .append(v % BYTE)
                    .append(" 80 {\n protocol TCP\n lvs_sched wlc\n lvs_method NAT\n");
            for (int rs = v; rs < size; rs += services) {
                out.append(World.rs("10.2." + rs / BYTE + '.' + rs % BYTE + ":80", ""));
            }
            out.append("}\n");
        }
        return out.toString();
    }

    /** One destination of so many, and its service, get other counters. */
    private void count(int round, int of) {
        IpvsStats stats = new IpvsStats(round, round, round, round, round, 0, 0, 0, 0, 0);
        int number = 0;
        for (ScriptedKernel.Entry service : kernel.services) {
            for (int i = 0; i < service.destinations.size(); i++) {
                if (number++ % of == 0) {
                    DestinationState known = service.destinations.get(i);
                    service.destinations.set(
                            i, new DestinationState(known.config(), round, known.inactive(), 0, stats));
                    service.stats = stats;
                }
            }
        }
    }

    /**
     * Measures readings that each follow a change.
     *
     * @param first whether each reading is the first one of its client
     */
    private void measure(String what, boolean first, Consumer<Integer> change) {
        IpvsClient client = ScriptedKernel.client(new Requests());
        int warmup = Math.max(WARMUP, WARM_DESTINATIONS / size);
        for (int round = 1; round <= warmup + ROUNDS; round++) {
            change.accept(round);
            answer(); // once before, as the answers to changes are encoded then
            requests.clear();
            IpvsClient reader = first ? ScriptedKernel.client(new Requests()) : client;
            IpvsSnapshot[] table = new IpvsSnapshot[1];
            Cost all = Cost.of(() -> table[0] = reader.read());
            Cost answering = Cost.of(this::answer);
            EngineState before = state;
            Step[] step = new Step[1];
            long now = round;
            Cost engine = Cost.of(() -> step[0] = Engine.step(before, new Event.KernelRead(table[0], 1), now));
            state = step[0].state();
            if (round > warmup) {
                record(what, "reading", round - warmup, all.minus(answering));
                record(what, "step", round - warmup, engine);
            }
        }
    }

    /** What the scripted kernel itself does for the requests of the last reading. */
    private void answer() {
        for (byte[] request : requests) {
            kernel.send(request);
            kernel.close();
        }
    }

    private void record(String what, String part, int round, Cost cost) {
        String build = Recorder.thisBuild();
        recorder.add(what + ", " + part + ", CPU time", size, build, "ms", round, cost.cpu() / 1e6);
        recorder.add(what + ", " + part + ", allocated", size, build, "KiB", round, cost.bytes() / 1024.0);
    }
}
