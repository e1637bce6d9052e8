package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The keepalived of the distribution, the reference for configuration files. */
final class PackagedKeepalived {
    private static final int DEADLINE_SECONDS = 60;

    private PackagedKeepalived() {}

    /** Without it, or without root, a test is skipped with a warning; it fails with {@code -Dlab=required}. */
    static void require(String test) throws IOException, InterruptedException {
        boolean installed = new ProcessBuilder("sh", "-c", "command -v keepalived && [ $(id -u) = 0 ]")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
        String need = test + " needs root, and keepalived: apt-get install keepalived";
        if (!installed && "required".equals(System.getProperty("lab"))) {
            fail(need);
        }
        if (!installed) {
            System.err.println("WARNING: SKIPPED: " + need);
        }
        Assumptions.assumeTrue(installed, "no root, or no keepalived");
    }

    /** The exit status of {@code keepalived -t}, 128 or more if it crashed. Its messages are written to a file. */
    static int check(Path file, Path output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("keepalived", "-t", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("keepalived -t did not end: " + file);
        }
        return process.exitValue();
    }
}
