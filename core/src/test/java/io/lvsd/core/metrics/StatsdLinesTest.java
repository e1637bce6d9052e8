package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.value.StatsdFlavor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of StatsD. */
final class StatsdLinesTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private List<String> lines(StatsdFlavor flavor) {
        List<String> lines = new ArrayList<>();
        StatsdLines writer = new StatsdLines(flavor, lines::add);
        registry.getMeters().forEach(writer::write);
        return lines;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ETSY; lvsd.up.rs.10_0_0_1_80.vs._2001_db8__1__80_tcp:1|g",
                "DATADOG; lvsd.up:1|g|#rs:10.0.0.1:80,vs:[2001:db8::1]:80/tcp",
                "TELEGRAF; lvsd_up,rs=10.0.0.1_80,vs=[2001_db8__1]_80/tcp:1|g"
            })
    void labelsAreWrittenAsTheFlavorExpects(StatsdFlavor flavor, String expected) {
        registry.gauge(
                "lvsd.up", io.micrometer.core.instrument.Tags.of("vs", "[2001:db8::1]:80/tcp", "rs", "10.0.0.1:80"), 1);
        assertEquals(List.of(expected), lines(flavor));
    }

    @Test
    void anEmptyLabelHasAPlaceholder() {
        registry.gauge("x", io.micrometer.core.instrument.Tags.of("name", ""), 1);
        assertEquals(List.of("x.name.none:1|g"), lines(StatsdFlavor.ETSY));
    }

    @ParameterizedTest
    @CsvSource({
        "0.25, x:0.25|g",
        "1764212345.678, x:1764212345.678|g",
        "1e-7, x:0.00000010|g",
        "1e20, x:100000000000000000000|g"
    })
    void aNumberHasNoExponent(double value, String expected) {
        registry.gauge("x", value);
        assertEquals(List.of(expected), lines(StatsdFlavor.ETSY));
    }

    @Test
    void aNegativeGaugeIsSetInTwoSteps() {
        registry.gauge("x", -3);
        assertEquals(List.of("x:0|g", "x:-3|g"), lines(StatsdFlavor.ETSY));
    }

    @Test
    void aGaugeWithoutAValueIsLeftOut() {
        Gauge.builder("x", () -> Double.NaN).register(registry);
        assertEquals(List.of(), lines(StatsdFlavor.ETSY));
    }

    @Test
    void countersAndDurationsAreIncreases() {
        registry.counter("c").increment(4);
        registry.counter("unchanged");
        registry.timer("t").record(Duration.ofMillis(1_500));
        List<String> lines = lines(StatsdFlavor.DATADOG);
        assertEquals(
                List.of("c:4|c", "t.count:1|c", "t.max:1.5|g", "t.sum:1.5|c"),
                lines.stream().sorted().toList());
    }
}
