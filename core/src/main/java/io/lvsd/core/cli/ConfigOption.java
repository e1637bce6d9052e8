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
            description =
                    "Configuration file (default: /etc/lvsd/lvsd.conf). check and plan read standard input for '-'.")
    private @Nullable Path file;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(
            names = "-i",
            paramLabel = "CONFIG_ID",
            description = "Value that conditional lines (@ID) are compared with (default: the host name).")
    private String configId = ConfigLoader.nodeName();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "keepalived or hocon (default: detected; HOCON if a line starts with WORD =).")
    private @Nullable ConfigFormat format;

    Path file() {
        Path named = file;
        if (named == null) {
            return ConfigPaths.DEFAULT_FILE;
        }
        return named.equals(Path.of("/dev/stdin")) ? ConfigPaths.STANDARD_INPUT : named;
    }

    /** Uses the file that is given as an argument without an option. */
    void positional(@Nullable Path named) {
        if (named != null && file != null) {
            throw new ParameterException(command.commandLine(), "expected one file: with -f or as an argument");
        }
        file = named == null ? file : named;
    }

    /** Rejects standard input, which can be read only once. */
    void requireFile() {
        if (file().equals(ConfigPaths.STANDARD_INPUT)) {
            throw new ParameterException(
                    command.commandLine(),
                    "invalid -f '-': the daemon reads its configuration again at each reload; expected the path of a"
                            + " file");
        }
    }

    ConfigLoader.Source source() {
        return new ConfigLoader.Source(file(), configId, Optional.ofNullable(format));
    }
}
