package io.lvsd.snmp.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sample of {@link SnmpFuzz}. Properties: {@code lvsd.snmp.packets}, {@code seed}. */
final class SnmpFuzzTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long PACKETS = Long.getLong("lvsd.snmp.packets", 30_000);

    @Test
    @Timeout(7_200)
    @SuppressWarnings("SystemOut")
    void hostileMessagesHaveNoEffect() throws IOException, InterruptedException {
        System.out.println("SnmpFuzzTest: seed " + SEED);
        try (SnmpFuzz fuzz = new SnmpFuzz(SEED)) {
            String figures = fuzz.run(PACKETS);
            System.out.println("SnmpFuzzTest: " + figures);
            assertTrue(figures.contains("malformed"), figures);
        }
    }
}
