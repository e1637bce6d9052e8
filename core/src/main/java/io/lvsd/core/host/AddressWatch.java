package io.lvsd.core.host;

import io.lvsd.ipvs.netlink.AddressEvents;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports changes of the addresses of this host, on its own thread. */
public final class AddressWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private final Runnable changed;
    private final Thread thread;
    private volatile boolean closed;

    public AddressWatch(Runnable changed) {
        this.changed = changed;
        this.thread = Thread.ofPlatform().name("addresses").daemon().start(this::watch);
    }

    private void watch() {
        try (AddressEvents events = AddressEvents.open(POLL_INTERVAL)) {
            while (!closed) {
                if (events.await()) {
                    changed.run();
                }
            }
        } catch (NetlinkException e) {
            LOG.atError()
                    .addKeyValue("reason", e.getMessage())
                    .addKeyValue("effect", "later changes of addresses have no effect on ha_suspend and sorry servers")
                    .addKeyValue("remedy", "restart lvsd")
                    .log("addresses.failed");
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
