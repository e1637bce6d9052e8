package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.lab.servers.HostileServers;
import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A thousand hostile servers, all probed at the same time by a process with a heap of 128 MiB: without response, dripping, endless
 * headers, endless bodies, broken TLS, compressed bombs. Each probe fails, and nothing else happens.
 */
@Execution(ExecutionMode.CONCURRENT)
final class HostileServersIT {
    private static final Pattern COUNTS = Pattern.compile("1000 probes, (\\d+) failed, (\\d+) limited");

    @Test
    void aThousandAtOnceAreAThousandPlainFailures() throws Exception {
        Process servers =
                java("-Xmx512m", "serve").redirectError(Redirect.INHERIT).start();
        List<String> lines;
        Process prober;
        try (BufferedReader ports = servers.inputReader()) {
            List<String> command = new ArrayList<>(List.of("probe"));
            command.addAll(List.of(ports.readLine().strip().split(" ")));
            prober = java("-Xmx128m", command.toArray(String[]::new))
                    .redirectErrorStream(true)
                    .start();
            lines = new String(prober.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertEquals(true, prober.waitFor(3, TimeUnit.MINUTES));
        } finally {
            servers.destroy();
        }
        lines.forEach(System.out::println);
        assertEquals(0, prober.exitValue(), () -> String.join("\n", lines));
        Matcher counts = COUNTS.matcher(lines.getLast());
        assertTrue(counts.matches(), lines.getLast());
        int failed = Integer.parseInt(counts.group(1));
        assertEquals(1000, failed + Integer.parseInt(counts.group(2)));
        // Only the endless bodies, an eighth of all, wait for a place.
        assertTrue(failed > 875, lines.getLast());
    }

    private static ProcessBuilder java(String heap, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                HostileServers.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
