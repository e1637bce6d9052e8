package io.lvsd.core.host;

import io.lvsd.ipvs.netlink.AddressEvents;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says when addresses of this host come and go, on a thread of its own. */
public final class AddressWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Runnable changed;
    private final Thread thread;
    private volatile boolean closed;

    public AddressWatch(Runnable changed) {
        this.changed = changed;
        this.thread = Thread.ofPlatform().name("addresses").daemon().start(this::watch);
    }

    private void watch() {
        try (AddressEvents events = AddressEvents.open(PATIENCE)) {
            while (!closed) {
                if (events.await()) {
                    changed.run();
                }
            }
        } catch (NetlinkException e) {
            LOG.error(
                    "event=addresses.failed reason=\"{}\" effect=\"ha_suspend goes by the addresses as they were\"",
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
