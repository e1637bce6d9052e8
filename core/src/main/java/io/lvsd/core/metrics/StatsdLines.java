package io.lvsd.core.metrics;

import io.lvsd.conf.value.StatsdFlavor;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Meters as lines of StatsD. Counters are sent as the increase since the last interval. Of durations, StatsD gets the number, the
 * sum and the maximum in seconds. Pure.
 */
final class StatsdLines {
    private static final Pattern NOT_ETSY = Pattern.compile("[^A-Za-z0-9_-]");
    private static final Pattern NOT_DATADOG = Pattern.compile("[,|#\\s]");
    private static final Pattern NOT_TELEGRAF = Pattern.compile("[,=:|\\s]");

    private final StatsdFlavor flavor;
    private final Consumer<String> out;

    StatsdLines(StatsdFlavor flavor, Consumer<String> out) {
        this.flavor = flavor;
        this.out = out;
    }

    void write(Meter meter) {
        switch (meter) {
            case io.micrometer.core.instrument.Gauge gauge -> gauge(meter.getId(), "", gauge.value());
            case io.micrometer.core.instrument.Counter counter -> count(meter.getId(), "", counter.count());
            case FunctionCounter counter -> count(meter.getId(), "", counter.count());
            case io.micrometer.core.instrument.Timer timer -> {
                HistogramSnapshot snapshot = timer.takeSnapshot();
                durations(
                        meter.getId(),
                        snapshot.count(),
                        snapshot.total(TimeUnit.SECONDS),
                        snapshot.max(TimeUnit.SECONDS));
            }
            case io.micrometer.core.instrument.DistributionSummary summary -> {
                HistogramSnapshot snapshot = summary.takeSnapshot();
                durations(meter.getId(), snapshot.count(), snapshot.total(), snapshot.max());
            }
            default -> {
                for (Measurement measurement : meter.measure()) {
                    gauge(
                            meter.getId(),
                            "." + measurement.getStatistic().getTagValueRepresentation(),
                            measurement.getValue());
                }
            }
        }
    }

    private void durations(Meter.Id id, long count, double sum, double max) {
        count(id, ".count", (double) count);
        count(id, ".sum", sum);
        gauge(id, ".max", max);
    }

    private void count(Meter.Id id, String suffix, double increase) {
        if (increase != 0) {
            line(id, suffix, increase, "c");
        }
    }

    /** StatsD takes a sign for a change, so a negative value is set in two steps. */
    private void gauge(Meter.Id id, String suffix, double value) {
        if (value < 0) {
            line(id, suffix, 0, "g");
        }
        line(id, suffix, value, "g");
    }

    private void line(Meter.Id id, String suffix, double value, String type) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return;
        }
        String number = value == Math.rint(value) && Math.abs(value) < Long.MAX_VALUE
                ? String.valueOf((long) value)
                : BigDecimal.valueOf(value).toPlainString();
        List<Tag> tags = id.getTags();
        String name = id.getName() + suffix;
        out.accept(
                switch (flavor) {
                    case ETSY -> name + etsy(tags) + ":" + number + "|" + type;
                    case DATADOG -> name + ":" + number + "|" + type + datadog(tags);
                    case TELEGRAF -> name.replace('.', '_') + telegraf(tags) + ":" + number + "|" + type;
                });
    }

    private static String etsy(List<Tag> tags) {
        StringBuilder text = new StringBuilder();
        tags.forEach(t ->
                text.append('.').append(clean(NOT_ETSY, t.getKey())).append('.').append(clean(NOT_ETSY, t.getValue())));
        return text.toString();
    }

    private static String datadog(List<Tag> tags) {
        StringBuilder text = new StringBuilder();
        tags.forEach(t -> text.append(text.isEmpty() ? "|#" : ",")
                .append(clean(NOT_DATADOG, t.getKey()))
                .append(':')
                .append(clean(NOT_DATADOG, t.getValue())));
        return text.toString();
    }

    private static String telegraf(List<Tag> tags) {
        StringBuilder text = new StringBuilder();
        tags.forEach(t -> text.append(',')
                .append(clean(NOT_TELEGRAF, t.getKey()))
                .append('=')
                .append(clean(NOT_TELEGRAF, t.getValue())));
        return text.toString();
    }

    /** An empty value would end the name, or the line. */
    private static String clean(Pattern forbidden, String text) {
        return text.isEmpty() ? "none" : forbidden.matcher(text).replaceAll("_");
    }
}
