package io.lvsd.core.cli;

import io.lvsd.conf.ConfigFormat;
import io.lvsd.conf.ConfigLoader;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "keepalived or hocon (default: HOCON if a line begins with WORD =).")
    private @Nullable ConfigFormat format;

    Path file() {
        return file;
    }

    ConfigLoader.Source source() {
        return new ConfigLoader.Source(file, configId, Optional.ofNullable(format));
    }
}
