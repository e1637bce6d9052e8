package io.lvsd.core.engine;

import com.sun.management.ThreadMXBean;
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
import java.util.Locale;
import java.util.function.Consumer;

/**
 * CPU time and allocation of a reading of the table, and of the engine's step for it: 37,205 destinations in 2,277 services,
 * with the bytes of Linux 6.1. The system calls and the kernel's own work are not included. {@code lab/bin/bench read} runs it.
 */
final class TableReadBench {
    private static final int SERVICES = 2_277;
    private static final int DESTINATIONS = 37_205;
    private static final int WARMUP = 15;
    private static final int ROUNDS = 21;
    private static final int BYTE = 256;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final List<byte[]> requests = new ArrayList<>();
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

        static Cost median(List<Cost> all) {
            long[] cpu = all.stream().mapToLong(Cost::cpu).sorted().toArray();
            long[] bytes = all.stream().mapToLong(Cost::bytes).sorted().toArray();
            return new Cost(cpu[cpu.length / 2], bytes[bytes.length / 2]);
        }
    }

    /** Passes everything on, and keeps the requests. */
    private final class Recorder implements NetlinkTransport {
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

    private TableReadBench() {
        World world = new World().start(config());
        state = world.state;
        world.kernel.read().services().values().forEach(service -> {
            ScriptedKernel.Entry entry = new ScriptedKernel.Entry(service.config());
            entry.destinations.addAll(service.destinations().values());
            kernel.services.add(entry);
        });
    }

    public static void main(String[] arguments) {
        LogSetup.install();
        TableReadBench bench = new TableReadBench();
        System.out.printf(
                Locale.ROOT,
                "%d destinations in %d services; medians of %d readings%n",
                DESTINATIONS,
                SERVICES,
                ROUNDS);
        bench.measure("first reading", true, _ -> {});
        bench.measure("unchanged", false, _ -> {});
        bench.measure("counters of 1 % changed", false, round -> bench.count(round, 100));
        bench.measure("counters of all changed", false, round -> bench.count(round, 1));
    }

    private static String config() {
        StringBuilder out = new StringBuilder();
        for (int v = 0; v < SERVICES; v++) {
            out.append("virtual_server 10.1.")
                    .append(v / BYTE)
                    .append('.')
                    .append(v % BYTE)
                    .append(" 80 {\n protocol TCP\n lvs_sched wlc\n lvs_method NAT\n");
            for (int rs = v; rs < DESTINATIONS; rs += SERVICES) {
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
        List<Cost> reading = new ArrayList<>();
        List<Cost> steps = new ArrayList<>();
        IpvsClient client = ScriptedKernel.client(new Recorder());
        for (int round = 1; round <= WARMUP + ROUNDS; round++) {
            change.accept(round);
            answer(); // once before, as the answers to changes are encoded then
            requests.clear();
            IpvsClient reader = first ? ScriptedKernel.client(new Recorder()) : client;
            IpvsSnapshot[] table = new IpvsSnapshot[1];
            Cost all = Cost.of(() -> table[0] = reader.read());
            Cost answering = Cost.of(this::answer);
            EngineState before = state;
            Step[] step = new Step[1];
            long now = round;
            Cost engine = Cost.of(() -> step[0] = Engine.step(before, new Event.KernelRead(table[0], 1), now));
            state = step[0].state();
            if (round > WARMUP) {
                reading.add(all.minus(answering));
                steps.add(engine);
            }
        }
        print(what, Cost.median(reading), Cost.median(steps));
    }

    /** What the scripted kernel itself does for the requests of the last reading. */
    private void answer() {
        for (byte[] request : requests) {
            kernel.send(request);
            kernel.close();
        }
    }

    private static void print(String what, Cost reading, Cost step) {
        System.out.printf(
                Locale.ROOT,
                "%-26s reading %7.2f ms %9.1f KiB, step %7.3f ms %9.1f KiB%n",
                what,
                reading.cpu() / 1e6,
                reading.bytes() / 1024.0,
                step.cpu() / 1e6,
                step.bytes() / 1024.0);
    }
}
