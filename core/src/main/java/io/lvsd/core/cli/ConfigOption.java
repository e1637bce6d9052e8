package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigPaths;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code -f FILE}. */
final class ConfigOption {
    @Option(
            names = "-f",
            paramLabel = "FILE",
            description = "Configuration (default: /etc/lvsd/lvsd.conf); check and plan read standard input for '-'.")
    private @Nullable Path file;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

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
        Path named = file;
        if (named == null) {
            return ConfigPaths.DEFAULT_FILE;
        }
        return named.equals(Path.of("/dev/stdin")) ? ConfigPaths.STANDARD_INPUT : named;
    }

    /** Takes the file that is named without an option. */
    void positional(@Nullable Path named) {
        if (named != null && file != null) {
            throw new ParameterException(command.commandLine(), "name one file: with -f, or as the argument");
        }
        file = named == null ? file : named;
    }

    /** Refuses standard input, which can be read only once. */
    void requireFile() {
        if (file().equals(ConfigPaths.STANDARD_INPUT)) {
            throw new ParameterException(
                    command.commandLine(), "a daemon reads its configuration again at each reload: name a file");
        }
    }

    ConfigLoader.Source source() {
        return new ConfigLoader.Source(file(), configId, Optional.ofNullable(format));
    }
}
