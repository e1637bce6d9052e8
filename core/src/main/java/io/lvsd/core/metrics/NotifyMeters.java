package io.lvsd.core.metrics;

import io.lvsd.core.notify.Deliveries.Channel;
import io.lvsd.core.notify.Deliveries.Outcome;
import io.lvsd.core.notify.Receivers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Meters of notifications, which count themselves. */
final class NotifyMeters {
    private static final String CHANNEL = "channel";

    private NotifyMeters() {}

    static void bind(Receivers receivers, MeterRegistry registry) {
        for (Channel channel : Channel.values()) {
            Gauge.builder("lvsd.notifications.waiting", receivers, r -> r.waiting(channel))
                    .description("Notifications that wait in a queue")
                    .tag(CHANNEL, word(channel))
                    .register(registry);
            for (Outcome outcome : Outcome.values()) {
                FunctionCounter.builder(
                                "lvsd.notifications",
                                receivers,
                                r -> r.deliveries().of(channel, outcome))
                        .description("Notifications by channel and outcome; dropped: a queue was full")
                        .tags(CHANNEL, word(channel), "outcome", word(outcome))
                        .register(registry);
            }
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
