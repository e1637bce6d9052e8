package io.lvsd.conf;

import io.lvsd.conf.load.ConfigBuilder;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.syntax.KeepalivedParser;
import io.lvsd.conf.syntax.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A configuration file to validated records. Reads files; asks no name server and changes nothing. */
public final class ConfigLoader {
    private ConfigLoader() {}

    /**
     * What came of loading a file.
     *
     * @param config what was understood; empty of virtual servers if {@code loadable} is false
     * @param problems all of them, by place
     * @param loadable false if the file cannot be read, an include check failed, or none of the virtual servers that the
     *     text names survived
     */
    public record Loaded(DaemonConfig config, List<ConfigProblem> problems, boolean loadable) {
        public Loaded {
            problems = List.copyOf(problems);
        }

        public boolean hasErrors() {
            return problems.stream().anyMatch(ConfigProblem::isError);
        }
    }

    /**
     * Where a configuration comes from, at start and at each reload.
     *
     * @param configId what conditional lines are compared with
     */
    public record Source(Path file, String configId) {
        /** Loads it now. */
        public Loaded load() {
            return ConfigLoader.load(file, configId);
        }
    }

    /** Loads a file in keepalived's syntax, and what it includes, for this host. */
    public static Loaded load(Path file) {
        return load(file, nodeName());
    }

    /** The host's name up to its first dot, which conditional lines are compared with. */
    public static String nodeName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8)
                    .strip()
                    .replaceFirst("\\..*", "");
        } catch (IOException _) {
            return "";
        }
    }

    /**
     * Loads a file in keepalived's syntax, and what it includes.
     *
     * @param configId what conditional lines are compared with
     */
    public static Loaded load(Path file, String configId) {
        Problems problems = new Problems();
        List<Statement> statements = new KeepalivedParser(problems, configId).parse(file);
        DaemonConfig config = new ConfigBuilder(problems).build(statements);
        boolean named = statements.stream().anyMatch(s -> s.name().equals("virtual_server"));
        if (named && config.virtualServers().isEmpty() && !problems.isFatal()) {
            problems.fatal(
                    Origin.ofFile(file.toString()),
                    "none of the virtual servers in this file can be used",
                    "mend the errors above");
        }
        return new Loaded(problems.isFatal() ? DaemonConfig.EMPTY : config, problems.all(), !problems.isFatal());
    }
}
