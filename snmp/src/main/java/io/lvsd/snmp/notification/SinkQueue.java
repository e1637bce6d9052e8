package io.lvsd.snmp.notification;

import io.lvsd.conf.model.SnmpConfig.Sink;
import io.lvsd.conf.source.IoReason;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpObserver.Delivery;
import io.lvsd.snmp.mib.StateNotifications.Content;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.Target;
import org.snmp4j.event.ResponseEvent;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.UdpAddress;

/** The notifications for one receiver, sent one after the other on a thread of its own. Thread-safe. */
final class SinkQueue {
    /** How long a close waits for queued notifications. */
    static final long CLOSE_NANOS = Duration.ofSeconds(4).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(SinkQueue.class);
    private static final int CAPACITY = 10_000;

    private final Sink sink;
    private final SnmpObserver observer;
    private final ThreadPoolExecutor thread;
    /** Is held during a delivery. Fair: its next owner is who waits, not the next delivery. */
    private final Semaphore delivering = new Semaphore(1, true);

    private volatile Route route;

    // used by the thread
    private long failures;
    private long failingSince;

    /** How notifications are sent. */
    record Route(SinkTarget target, Snmp session) {}

    SinkQueue(Sink sink, Route route, SnmpObserver observer) {
        this.sink = sink;
        this.route = route;
        this.observer = observer;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(CAPACITY),
                Thread.ofPlatform().name("snmp-sink").daemon().factory(),
                (_, _) -> observer.notification(Delivery.DROPPED));
    }

    void add(Content content, TimeTicks upTime) {
        thread.execute(() -> deliver(Sinks.pdu(content, upTime, sink)));
    }

    Sink sink() {
        return sink;
    }

    Route route() {
        return route;
    }

    /** Sends notifications another way from now on, other than the one whose delivery is under way. */
    void reroute(Route next) {
        route = next;
    }

    /** Waits for the delivery that is under way. */
    void awaitDelivery() {
        delivering.acquireUninterruptibly();
        delivering.release();
    }

    private void deliver(PDU pdu) {
        delivering.acquireUninterruptibly();
        try {
            Route used = route;
            UdpAddress address = new UdpAddress(InetAddress.getByName(sink.host()), sink.port());
            Target<UdpAddress> target = used.target().of().apply(address);
            if (sink.inform()) {
                acknowledged(used.session().send(pdu, target));
            } else {
                used.session().notify(pdu, target);
                observer.notification(Delivery.SENT);
                succeeded();
            }
        } catch (IOException | RuntimeException e) {
            failed(e instanceof IOException io ? IoReason.of(io) : String.valueOf(e.getMessage()));
        } finally {
            delivering.release();
        }
    }

    private void acknowledged(ResponseEvent<UdpAddress> answer) {
        PDU response = answer.getResponse();
        if (response != null && response.getType() == PDU.RESPONSE && response.getErrorStatus() == PDU.noError) {
            observer.notification(Delivery.ACKNOWLEDGED);
            succeeded();
        } else if (response == null) {
            failed("no acknowledgement within 10 s");
        } else {
            failed(
                    response.getType() == PDU.REPORT
                            ? "rejected: " + response.getVariableBindings()
                            : response.getErrorStatusText());
        }
    }

    private void failed(String reason) {
        observer.notification(Delivery.FAILED);
        if (failures++ == 0) {
            failingSince = System.nanoTime();
            LOG.atWarn()
                    .addKeyValue("sink", sink.host() + ":" + sink.port())
                    .addKeyValue("reason", reason)
                    .addKeyValue("effect", "this notification is lost; the next ones are sent")
                    .log("snmp_sink.failed");
        }
    }

    private void succeeded() {
        if (failures > 0) {
            LOG.atInfo()
                    .addKeyValue("sink", sink.host() + ":" + sink.port())
                    .addKeyValue("count", failures)
                    .addKeyValue(
                            "for",
                            Duration.ofNanos(System.nanoTime() - failingSince).toSeconds())
                    .log("snmp_sink.recovered");
            failures = 0;
        }
    }

    void shutdown() {
        thread.shutdown();
    }

    /** Waits for queued notifications until a time in monotonic nanoseconds, and drops the rest. */
    void await(long end) {
        try {
            if (!thread.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                int lost = thread.shutdownNow().size();
                for (int i = 0; i < lost; i++) {
                    observer.notification(Delivery.DROPPED);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
