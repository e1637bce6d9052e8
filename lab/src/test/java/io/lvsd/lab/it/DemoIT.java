package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The README's first command. */
final class DemoIT {
    private static final int LIMIT_SECONDS = 180;

    private static Process demo() throws IOException {
        // In a build that runs in the background of a shell, SIGINT would be ignored.
        return new ProcessBuilder("env", "--default-signal=INT", "./lvsd", "demo")
                .directory(Path.of("..").toRealPath().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String lineWith(BufferedReader out, String text) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("the demo ended without printing " + text);
    }

    @Test
    void theDemoEndsWithEveryStepObserved() throws Exception {
        Process demo = demo();
        String text = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, demo.exitValue(), text);
        assertTrue(text.contains("responses: sorry sorry"), text);
        assertTrue(text.contains("The values agree with the table."), text);
        assertTrue(text.contains("Every step was observed"), text);
        assertFalse(text.contains("\u001b"), "no terminal, no control sequences");
    }

    @Test
    void anInterruptedDemoLeavesNoFiles() throws Exception {
        Process demo = demo();
        try (var out = new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8))) {
            String file = lineWith(out, "configuration").replaceAll(".* ", "");
            assertTrue(Files.exists(Path.of(file)), file);
            lineWith(out, "1. Three real servers");
            new ProcessBuilder("kill", "-INT", "" + demo.pid()).start().waitFor();
            assertTrue(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
            assertEquals(130, demo.exitValue());
            assertFalse(Files.exists(Path.of(file).getParent()), file);
        }
    }
}
