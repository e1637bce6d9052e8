package io.lvsd.core.notify;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts notifications by channel and outcome. Thread-safe. */
public final class Deliveries {
    /** How notifications are delivered. */
    public enum Channel {
        FIFO,
        SCRIPT,
        MAIL,
        WEBHOOK
    }

    /** What became of a notification. */
    public enum Outcome {
        /** A script ended with status 0; others accepted the notification. */
        DELIVERED,
        /** The last attempt failed. */
        FAILED,
        /** A queue was full, or no process read a FIFO. */
        DROPPED
    }

    private final Map<Channel, Map<Outcome, LongAdder>> counts = new EnumMap<>(Channel.class);

    Deliveries() {
        for (Channel channel : Channel.values()) {
            Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                outcomes.put(outcome, new LongAdder());
            }
            counts.put(channel, outcomes);
        }
    }

    void count(Channel channel, Outcome outcome) {
        adder(channel, outcome).increment();
    }

    void count(Channel channel, boolean delivered) {
        count(channel, delivered ? Outcome.DELIVERED : Outcome.FAILED);
    }

    /** Notifications since the start. */
    public long of(Channel channel, Outcome outcome) {
        return adder(channel, outcome).sum();
    }

    private LongAdder adder(Channel channel, Outcome outcome) {
        return counts.getOrDefault(channel, Map.of()).getOrDefault(outcome, new LongAdder());
    }
}
