package io.lvsd.conf;

import io.lvsd.conf.hocon.HoconParser;
import io.lvsd.conf.keyword.KeywordGrammar;
import io.lvsd.conf.keyword.VirtualServerMentions;
import io.lvsd.conf.load.ConfigBuilder;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.syntax.KeepalivedParser;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.TextFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A configuration file to validated records. Reads files; asks no name server and changes nothing. */
public final class ConfigLoader {
    private ConfigLoader() {}

    /**
     * What came of loading a file.
     *
     * @param config what was understood; empty of virtual servers if {@code loadable} is false
     * @param problems all of them, by place
     * @param loadable false if the file cannot be read, an include check failed, the text mentions virtual servers and none
     *     can be used, or a HOCON file has an error
     * @param format the syntax that was read
     */
    public record Loaded(DaemonConfig config, List<ConfigProblem> problems, boolean loadable, ConfigFormat format) {
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
     * @param format its syntax; empty: as the text looks
     */
    public record Source(Path file, String configId, Optional<ConfigFormat> format) {
        /** A file for this host, in the syntax that its text looks like. */
        public static Source of(Path file) {
            return new Source(file, nodeName(), Optional.empty());
        }

        /** Loads it now. */
        public Loaded load() {
            Problems problems = new Problems();
            return judged(parse(problems), problems);
        }

        private Loaded judged(Tree tree, Problems problems) {
            DaemonConfig config = new ConfigBuilder(problems, tree.format()).build(tree.statements());
            if (config.virtualServers().isEmpty()
                    && !problems.isFatal()
                    && VirtualServerMentions.areIn(tree.statements())) {
                problems.fatal(
                        Origin.ofFile(file.toString()),
                        "no virtual server can be used, although the text has some or includes a file that cannot be"
                                + " read",
                        "fix the other problems");
            }
            List<ConfigProblem> all = problems.all();
            boolean loadable = !problems.isFatal()
                    && (tree.format() == ConfigFormat.KEEPALIVED || all.stream().noneMatch(ConfigProblem::isError));
            return new Loaded(loadable ? config : DaemonConfig.EMPTY, all, loadable, tree.format());
        }

        /** Its statements, not judged yet. */
        public Tree parse(Problems problems) {
            Optional<String> text = TextFiles.read(file, problems);
            ConfigFormat found = format.orElseGet(() -> ConfigFormat.of(text.orElse("")));
            List<Statement> statements = text.map(t -> switch (found) {
                        case KEEPALIVED -> new KeepalivedParser(problems, KeywordGrammar.ROOT, configId).parse(file, t);
                        case HOCON -> new HoconParser(problems).parse(file, t);
                    })
                    .orElse(List.of());
            return new Tree(found, statements);
        }
    }

    /**
     * Loads a text in keepalived's syntax that stands by itself: nothing in it is replaced or included, so that it can come
     * from anybody.
     */
    public static Loaded loadPlain(String text) {
        Problems problems = new Problems();
        List<Statement> statements = new KeepalivedParser(problems, KeywordGrammar.ROOT, "").parsePlain(text);
        return Source.of(Path.of("request")).judged(new Tree(ConfigFormat.KEEPALIVED, statements), problems);
    }

    /** What a file says, in whichever syntax. */
    public record Tree(ConfigFormat format, List<Statement> statements) {}

    /** Loads a file, and what it includes, for this host. */
    public static Loaded load(Path file) {
        return Source.of(file).load();
    }

    /** As {@link #load(Path)}, with what conditional lines are compared with. */
    public static Loaded load(Path file, String configId) {
        return new Source(file, configId, Optional.empty()).load();
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
}
