package io.lvsd.core.shell;

import io.lvsd.core.engine.Transition;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Hands transitions to consumers, to each in order and on a thread of its own, so that a slow one delays nobody. */
public final class EventBus implements AutoCloseable {
    private record Subscriber(Consumer<Transition> consumer, ExecutorService thread) {}

    private final List<Subscriber> subscribers;

    /** @param consumers by the name of the thread that each gets */
    public EventBus(java.util.Map<String, Consumer<Transition>> consumers) {
        subscribers = consumers.entrySet().stream()
                .map(e -> new Subscriber(
                        e.getValue(),
                        Executors.newSingleThreadExecutor(
                                Thread.ofPlatform().name(e.getKey()).daemon().factory())))
                .toList();
    }

    public void publish(Transition transition) {
        subscribers.forEach(s -> s.thread().execute(() -> s.consumer().accept(transition)));
    }

    /** Gives consumers two seconds for what they still have. */
    @Override
    public void close() {
        subscribers.forEach(s -> s.thread().shutdown());
        for (Subscriber s : subscribers) {
            try {
                if (!s.thread().awaitTermination(2, TimeUnit.SECONDS)) {
                    s.thread().shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
