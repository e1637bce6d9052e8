package io.lvsd.core.api;

import io.lvsd.core.http.Problem;
import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import io.lvsd.core.http.TextStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends events to clients as they are published (server-sent events of HTML). Nothing is queued for a client besides a full
 * send buffer: a client continues from the ring when it keeps up again, and is disconnected when the ring has moved on or when
 * it does not read for some time.
 */
final class EventStreams {
    private static final int UNAVAILABLE = 503;
    private static final int MAX_CLIENTS = 64;
    private static final int BATCH = 64;
    private static final long RETRY_SECONDS = 5;

    private final EventRing ring;
    private final Duration heartbeat;

    // shared
    private final AtomicBoolean flushPlanned = new AtomicBoolean();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

    /** @param heartbeat how often a comment is sent, so that both ends notice a dead connection */
    EventStreams(EventRing ring, Duration heartbeat) {
        this.ring = ring;
        this.heartbeat = heartbeat;
        ring.listen(this::published);
    }

    /** A client. Used by the event loop. */
    private final class Subscriber {
        private final TextStream stream;
        private long sent;
        private boolean stuck;

        Subscriber(TextStream stream, long sent) {
            this.stream = stream;
            this.sent = sent;
        }

        /** Sends what the client has not got, as long as it keeps up. */
        void flush() {
            while (stream.isWritable()) {
                EventRing.Part part = ring.since(sent, BATCH);
                if (part.missed()) {
                    stream.close();
                    return;
                }
                if (part.entries().isEmpty()) {
                    stuck = false;
                    return;
                }
                send(part.entries());
            }
        }

        void send(List<EventRing.Entry> entries) {
            StringBuilder text = new StringBuilder();
            for (EventRing.Entry entry : entries) {
                text.append("id: ")
                        .append(entry.id())
                        .append("\ndata: ")
                        .append(entry.json())
                        .append("\n\n");
                sent = entry.id();
            }
            stream.write(text.toString());
        }

        void heartbeat() {
            if (!stream.isWritable() && stuck) {
                stream.close();
                return;
            }
            stuck = !stream.isWritable();
            if (!stuck) {
                stream.write(": heartbeat\n\n");
            }
        }
    }

    /** Number of clients. */
    int size() {
        return subscribers.size();
    }

    /** @throws ProblemException if there are too many clients */
    void requireRoom() throws ProblemException {
        if (subscribers.size() >= MAX_CLIENTS) {
            throw Problem.of(UNAVAILABLE, "busy", "Service busy", "too many clients receive events")
                    .retryAfter(RETRY_SECONDS)
                    .exception();
        }
    }

    /** Sends events after the one that the client names; without one, only new ones. On the event loop. */
    void open(Request request, TextStream stream) {
        Optional<Long> since = request.header("last-event-id")
                .or(() -> request.query("since"))
                .filter(id -> id.matches("\\d{1,18}"))
                .map(Long::parseLong);
        Subscriber subscriber = new Subscriber(stream, ring.last());
        stream.write("retry: 2000\n: lvsd events\n\n");
        since.ifPresent(id -> {
            boolean missed = ring.since(id, 1).missed();
            if (missed) {
                stream.write("event: missed\ndata: {\"since\":" + id + "}\n\n");
            }
            subscriber.sent = missed ? 0 : id;
        });
        subscribers.add(subscriber);
        stream.onClose(() -> subscribers.remove(subscriber));
        stream.onWritable(subscriber::flush);
        stream.every(heartbeat, subscriber::heartbeat);
        subscriber.flush();
    }

    /** Any thread: wakes the event loop once for all events until then. */
    private void published() {
        if (!subscribers.isEmpty() && flushPlanned.compareAndSet(false, true)) {
            Optional<Subscriber> any = subscribers.stream().findFirst();
            if (any.isEmpty()) {
                flushPlanned.set(false);
            } else {
                any.get().stream.execute(this::flush);
            }
        }
    }

    private void flush() {
        flushPlanned.set(false);
        subscribers.forEach(Subscriber::flush);
    }
}
