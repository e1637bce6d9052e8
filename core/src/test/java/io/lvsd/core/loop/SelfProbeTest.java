package io.lvsd.core.loop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.Probes;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.core.view.Liveness;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A blocked event loop is noticed, and so is its recovery. */
final class SelfProbeTest {
    private static final long PATIENCE = Duration.ofSeconds(60).toNanos();

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it did not happen within a minute");
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static boolean isLive(SelfProbe probe) {
        long completed = probe.completedAt();
        long now = System.nanoTime();
        return new Liveness(now, now, completed, OptionalLong.empty()).report().healthy();
    }

    @Test
    void oneBlockedLoopOfTwoIsEnough() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Probes probes = new Probes(2, _ -> {});
                SelfProbe probe = SelfProbe.start(
                        probes, new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()))) {
            long start = System.nanoTime();
            until(() -> probe.completedAt() - start > 0);
            assertTrue(isLive(probe));
            TcpCheck check = new TcpCheck(new ProbeAddress(
                    listener.getInetAddress(),
                    listener.getLocalPort(),
                    Optional.empty(),
                    0,
                    "",
                    0,
                    Duration.ofSeconds(2)));
            probes.probeOn(1, check, _ -> await(blocked));
            until(() -> !isLive(probe));
            blocked.countDown();
            until(() -> isLive(probe));
        } finally {
            blocked.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
