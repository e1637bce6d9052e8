package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Measures the share of connections that each real server gets from the kernel. The host measures and compares the embedded driver. */
final class ShareTest {
    @Test
    void theKernelGivesEveryServerItsShare() throws IOException {
        int connections = Integer.getInteger("lvsd.lab.connections", 500);
        Shell.ok("ip netns add shares && ip netns exec shares ip link set lo up");
        try {
            Shell.ok("ip netns exec shares " + System.getProperty("java.home") + "/bin/java -XX:TieredStopAtLevel=1"
                    + " -XX:+UseSerialGC -cp " + System.getProperty("java.class.path")
                    + " " + SchedulerShares.class.getName() + " kernel " + connections + " /out/shares");
        } finally {
            Shell.ok("ip netns del shares");
        }
        assertTrue(Files.size(Path.of("/out/shares")) > 0);
    }
}
