package io.lvsd.conf;

import io.lvsd.conf.hocon.HoconParser;
import io.lvsd.conf.language.KeywordGrammar;
import io.lvsd.conf.language.VirtualServerMentions;
import io.lvsd.conf.load.ConfigBuilder;
import io.lvsd.conf.load.ConfigBuilder.Built;
import io.lvsd.conf.load.FormerServers;
import io.lvsd.conf.load.ServerReuse;
import io.lvsd.conf.model.ConfigOrigins;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.source.ProgramReference;
import io.lvsd.conf.syntax.KeepalivedParser;
import io.lvsd.conf.syntax.LoadBudget;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.TextFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A configuration file to validated records. Reads files only: no name is resolved, nothing is changed. */
public final class ConfigLoader {
    /** Stands for the file of a text that is in none, as the parser names it. */
    private static final Path PLAIN = Path.of("request");

    private ConfigLoader() {}

    /**
     * What came of loading a file.
     *
     * @param config what was understood; empty of virtual servers if {@code loadable} is false
     * @param problems all of them, sorted by position
     * @param loadable false if the file cannot be read, an include check failed, the text mentions virtual servers and none
     *     can be used, or a HOCON file has an error
     * @param format the syntax that was read
     * @param files that were read, in order
     * @param references what the host should have
     * @param programs that it runs
     * @param origins where its parts are written
     */
    public record Loaded(
            DaemonConfig config,
            List<ConfigProblem> problems,
            boolean loadable,
            ConfigFormat format,
            List<String> files,
            List<HostReference> references,
            List<ProgramReference> programs,
            ConfigOrigins origins) {
        public Loaded {
            problems = List.copyOf(problems);
            files = List.copyOf(files);
            references = List.copyOf(references);
            programs = List.copyOf(programs);
        }

        /** With problems that were found later. An error makes a HOCON file unusable. */
        public Loaded with(List<ConfigProblem> more) {
            Set<ConfigProblem> all = new LinkedHashSet<>(problems);
            all.addAll(more);
            boolean refused = format == ConfigFormat.HOCON && more.stream().anyMatch(ConfigProblem::isError);
            return new Loaded(
                    config,
                    Problems.sorted(all, files),
                    loadable && !refused,
                    format,
                    files,
                    references,
                    programs,
                    origins);
        }

        /** Whether there is a problem of a kind. */
        public boolean has(ConfigProblem.Kind kind) {
            return problems.stream().anyMatch(p -> p.kind() == kind);
        }

        public boolean hasErrors() {
            return problems.stream().anyMatch(ConfigProblem::isError);
        }
    }

    /** A load, and what the next one can use again. */
    record Load(Loaded loaded, FormerServers servers) {}

    /**
     * Where a configuration comes from, at start and at each reload.
     *
     * @param configId what conditional lines are compared with
     * @param format its syntax; empty: detected from the text
     */
    public record Source(Path file, String configId, Optional<ConfigFormat> format) {
        /** A file for this host, with the syntax detected from its text. */
        public static Source of(Path file) {
            return new Source(file, nodeName(), Optional.empty());
        }

        /** Loads it now. */
        public Loaded load() {
            return loadAfter(FormerServers.NONE).loaded();
        }

        /** Loads it now, with the virtual servers of a former load of this source where their lines are the same. */
        Load loadAfter(FormerServers former) {
            return attempt(former).or(() -> attempt(former.withoutBlocks())).orElseThrow();
        }

        /** Empty if blocks of the former load were used that must be read again. */
        private Optional<Load> attempt(FormerServers former) {
            return LoadBudget.within(() -> {
                Problems problems = new Problems();
                ServerReuse reuse = new ServerReuse(former);
                Tree tree = parse(problems, reuse);
                boolean exact = reuse.isExact(tree.statements()) && (former.isWithoutBlocks() || !problems.isFatal());
                return exact ? Optional.of(new Load(validated(tree, problems, reuse), reuse.next())) : Optional.empty();
            });
        }

        private Loaded validated(Tree tree, Problems problems) {
            return validated(tree, problems, new ServerReuse(FormerServers.NONE));
        }

        private Loaded validated(Tree tree, Problems problems, ServerReuse reuse) {
            Built built = new ConfigBuilder(problems, tree.format(), reuse).build(tree.statements());
            if (built.config().virtualServers().isEmpty()
                    && !problems.isFatal()
                    && VirtualServerMentions.areIn(tree.statements())) {
                problems.fatal(
                        Origin.ofFile(file.toString()),
                        "no valid virtual server, although the configuration defines some or includes an unreadable"
                                + " file",
                        "fix the other errors",
                        ConfigProblem.Kind.SUMMARY);
            }
            List<ConfigProblem> all = problems.all();
            boolean loadable = !problems.isFatal()
                    && (tree.format() == ConfigFormat.KEEPALIVED || all.stream().noneMatch(ConfigProblem::isError));
            return new Loaded(
                    loadable ? built.config() : DaemonConfig.EMPTY,
                    all,
                    loadable,
                    tree.format(),
                    problems.files(),
                    problems.references(),
                    loadable ? built.programs() : List.of(),
                    loadable ? built.origins() : ConfigOrigins.NONE);
        }

        /** Its statements, not validated. */
        public Tree parse(Problems problems) {
            return parse(problems, new ServerReuse(FormerServers.NONE));
        }

        private Tree parse(Problems problems, ServerReuse reuse) {
            Optional<String> text = TextFiles.read(file, problems);
            Optional<List<Statement>> changes = text.flatMap(t -> reuse.formerText()
                    .flatMap(former -> KeepalivedParser.parseChanges(
                            file, t, former, reuse.newBlocks(), KeywordGrammar.ROOT, configId)));
            if (changes.isPresent()) {
                return new Tree(ConfigFormat.KEEPALIVED, changes.get());
            }
            ConfigFormat found = format.orElseGet(() -> ConfigFormat.of(text.orElse("")));
            List<Statement> statements = text.map(t -> switch (found) {
                        case KEEPALIVED ->
                            new KeepalivedParser(problems, KeywordGrammar.ROOT, configId)
                                    .parse(file, t, reuse.newBlocks());
                        case HOCON -> new HoconParser(problems).parse(file, t);
                    })
                    .orElse(List.of());
            return new Tree(found, statements);
        }
    }

    /**
     * Loads an untrusted text in keepalived's syntax: parameters are not replaced, and nothing is included.
     */
    public static Loaded loadPlain(String text) {
        return LoadBudget.within(() -> {
            Problems problems = new Problems();
            return Source.of(PLAIN).validated(plainTree(text, ConfigFormat.KEEPALIVED, problems), problems);
        });
    }

    private static Tree plainTree(String text, ConfigFormat format, Problems problems) {
        return new Tree(
                format,
                switch (format) {
                    case KEEPALIVED -> new KeepalivedParser(problems, KeywordGrammar.ROOT, "").parsePlain(text);
                    case HOCON -> new HoconParser(problems).parse(PLAIN, text);
                });
    }

    /**
     * A text without parameters and includes.
     *
     * @param meaning what its lines without an error mean, whether or not it can be loaded
     */
    public record Plain(Tree tree, DaemonConfig meaning, List<ConfigProblem> problems) {
        public Plain {
            problems = List.copyOf(problems);
        }
    }

    /** Reads a text in which nothing is replaced, such as a converter writes. */
    public static Plain readPlain(String text, ConfigFormat format) {
        Problems problems = new Problems();
        Tree tree = plainTree(text, format, problems);
        DaemonConfig meaning = new ConfigBuilder(new Problems(), format)
                .build(tree.statements())
                .config();
        return new Plain(
                tree, meaning, Source.of(PLAIN).validated(tree, problems).problems());
    }

    /** The statements of a file, in either syntax. */
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
