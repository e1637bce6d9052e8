package io.lvsd.core.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Meters of the process and of its Java runtime, of Micrometer's binders. */
final class JvmMeters implements AutoCloseable {
    private static final double SECOND = 1e9;
    private static final double KIB = 1_024;
    private static final String RESIDENT = "VmRSS:";

    private final JvmGcMetrics gc = new JvmGcMetrics();

    /** Registers them. Before all others, as it configures a filter of the registry. */
    JvmMeters(MeterRegistry registry) {
        // Names that break the conventions of Prometheus: a unit that is not the base unit, and the suffix of a
        // histogram.
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        new JvmMemoryMetrics().bindTo(registry);
        gc.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        cpu(registry);
        Gauge.builder("process.resident.memory", () -> residentBytes(Path.of("/proc/self/status")))
                .description("Resident memory of the process")
                .baseUnit("bytes")
                .register(registry);
    }

    private static void cpu(MeterRegistry registry) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.OperatingSystemMXBean process) {
            FunctionCounter.builder("process.cpu", process, p -> p.getProcessCpuTime() / SECOND)
                    .description("CPU time of the process")
                    .baseUnit("seconds")
                    .register(registry);
        }
        Gauge.builder("system.cpus", Runtime.getRuntime(), Runtime::availableProcessors)
                .description("Processors that the process may use")
                .register(registry);
    }

    /** From proc_pid_status(5); not a number if it cannot be read. */
    static double residentBytes(Path status) {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(l -> l.startsWith(RESIDENT))
                    .mapToDouble(l -> Long.parseLong(l.replaceAll("\\D", "")) * KIB)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException | RuntimeException _) {
            return Double.NaN;
        }
    }

    @Override
    public void close() {
        gc.close();
    }
}
