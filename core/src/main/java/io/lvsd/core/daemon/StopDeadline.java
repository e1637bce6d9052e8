package io.lvsd.core.daemon;

import io.lvsd.core.log.LogSetup;
import io.lvsd.core.loop.EngineLoop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process if an orderly stop takes too long. Its thread exists from the start, so that a stop needs no new one. */
final class StopDeadline {
    private static final Logger LOG = LoggerFactory.getLogger(StopDeadline.class);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final CountDownLatch requested = new CountDownLatch(1);

    void start(EngineLoop loop) {
        Thread.ofPlatform().name("stop-deadline").daemon().start(() -> await(loop));
    }

    /** A stop was requested: the time runs. Any thread. */
    void requested() {
        requested.countDown();
    }

    private void await(EngineLoop loop) {
        try {
            requested.await();
            if (!loop.awaitExit(DEADLINE)) {
                LOG.atError()
                        .addKeyValue("reason", "timeout after " + DEADLINE.toSeconds() + " s")
                        .log("daemon_stop.failed");
                LogSetup.end();
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
