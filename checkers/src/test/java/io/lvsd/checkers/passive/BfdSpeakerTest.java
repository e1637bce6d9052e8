package io.lvsd.checkers.passive;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.value.BfdInstance;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BfdSpeakerTest {
    private static final Duration TEN = Duration.ofMillis(10);
    private static final long GRACE_SECONDS = 4;

    /** No neighbour on loopback; not reported while another program receives its packets. */
    @Test
    void nothingIsSaidWhileAnotherProgramHasThePort() throws Exception {
        BlockingQueue<Boolean> said = new LinkedBlockingQueue<>();
        InetAddress neighbour = InetAddress.getByAddress(new byte[] {127, 0, 0, 93});
        BfdInstance instance =
                new BfdInstance("t", neighbour, Optional.empty(), TEN, TEN, Duration.ofSeconds(1), 3, false);
        DatagramSocket other = new DatagramSocket(null);
        other.setReuseAddress(false);
        other.bind(new java.net.InetSocketAddress("0.0.0.0", BfdSockets.PORT));
        try (BfdSpeaker speaker = new BfdSpeaker(_ -> false)) {
            speaker.listen(this, instance, (up, _) -> said.add(up));
            assertNull(said.poll(GRACE_SECONDS + 1, TimeUnit.SECONDS));
            other.close();
            Boolean up = said.poll(30, TimeUnit.SECONDS);
            assertTrue(up != null && !up, "reported as down once the port is open");
        }
    }
}
