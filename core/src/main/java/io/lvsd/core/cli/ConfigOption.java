package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code -f FILE}. */
final class ConfigOption {
    @Option(names = "-f", paramLabel = "FILE", description = "Configuration (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("/etc/lvsd/lvsd.conf");

    @Option(
            names = "-i",
            paramLabel = "CONFIG_ID",
            description = "What conditional lines (@ID) are compared with (default: the host's name).")
    private String configId = ConfigLoader.nodeName();

    Path file() {
        return file;
    }

    ConfigLoader.Source source() {
        return new ConfigLoader.Source(file, configId);
    }
}
