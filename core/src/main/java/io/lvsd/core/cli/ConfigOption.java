package io.lvsd.core.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code -f FILE}. */
final class ConfigOption {
    @Option(names = "-f", paramLabel = "FILE", description = "Configuration (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("/etc/lvsd/lvsd.conf");

    Path file() {
        return file;
    }
}
