package io.lvsd.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A thousand servers that mean harm, all probed at once by a process with a heap of 128 MiB: silent, dripping, endless
 * headers, endless bodies, broken TLS, compressed bombs. Each probe fails, and nothing else happens.
 */
final class HostileServersIT {
    @Test
    void aThousandAtOnceAreAThousandPlainFailures() throws Exception {
        Process prober = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:MaxDirectMemorySize=64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileServers.class.getName())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(prober.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(true, prober.waitFor(3, TimeUnit.MINUTES));
        lines.forEach(System.out::println);
        assertEquals(0, prober.exitValue(), () -> String.join("\n", lines));
        assertEquals("1000 probes, 1000 failed", lines.getLast());
    }
}
