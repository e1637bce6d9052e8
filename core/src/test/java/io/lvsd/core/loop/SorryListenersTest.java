package io.lvsd.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.core.plan.SorryBackend;
import io.lvsd.sorryserver.SorryLimits;
import io.lvsd.sorryserver.SorryPage;
import io.lvsd.sorryserver.SorryServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a listener that cannot be opened is tried again. */
final class SorryListenersTest {
    private static final SorryBackend PAGE =
            new SorryBackend.Page(new InetSocketAddress(InetAddress.getLoopbackAddress(), 18_080));

    private final List<Long> attempts = new ArrayList<>();
    private long second;
    private final SorryListeners listeners = new SorryListeners(
            new SorryServer(1, () -> SorryPage.builtIn(503, "Closed", 0), SorryLimits.of(1, 1, 1)),
            (address, _) -> {
                attempts.add(second);
                throw new IOException("cannot listen on " + address);
            },
            () -> TimeUnit.SECONDS.toNanos(second));

    @AfterEach
    void close() {
        listeners.close();
    }

    @Test
    void aListenerThatCannotBeOpenedIsTriedAgainWithLongerPauses() {
        String failure = "cannot listen on localhost/127.0.0.1:18080";
        for (second = 0; second <= 32; second++) {
            assertEquals(Map.of(PAGE, failure), listeners.test(Set.of(PAGE)));
        }
        assertEquals(List.of(0L, 1L, 3L, 7L, 15L, 23L, 31L), attempts);
    }
}
