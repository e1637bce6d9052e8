package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Who gets how many connections from the kernel. The other half, with the embedded driver, runs outside; it compares. */
final class ShareTest {
    @Test
    void theKernelGivesEveryServerItsShare() throws IOException {
        String count = Files.readString(Path.of("/out/connections")).strip();
        Shell.ok("ip netns add shares && ip netns exec shares ip link set lo up");
        try {
            Shell.ok("ip netns exec shares " + System.getProperty("java.home") + "/bin/java -XX:TieredStopAtLevel=1"
                    + " -XX:+UseSerialGC -cp " + System.getProperty("java.class.path")
                    + " io.lvsd.lab.Shares kernel " + count + " /out/shares");
        } finally {
            Shell.ok("ip netns del shares");
        }
        assertTrue(Files.size(Path.of("/out/shares")) > 0);
    }
}
