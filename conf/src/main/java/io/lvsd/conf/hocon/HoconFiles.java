package io.lvsd.conf.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import io.lvsd.conf.hocon.HoconScanner.Definition;
import io.lvsd.conf.hocon.HoconScanner.Include;
import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.IncludeGlob;
import io.lvsd.conf.syntax.LoadBudget;
import io.lvsd.conf.syntax.TextFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a HOCON file and what it includes; knows the places of everything. Used by one thread. */
final class HoconFiles {
    /** Files within each other. */
    private static final int MAX_DEPTH = 32;
    /** Characters that values may grow to. */
    private static final double MAX_SIZE = 64e6;

    private static final Pattern PLACE =
            Pattern.compile("(?:merge of )?(.*?): (\\d+)(?:-\\d+)?(?:,.*)?", Pattern.DOTALL);
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??([^}]*)\\}");

    /** A file that was read: its lines, and the lines of the includes that led to it. */
    private record Source(List<String> lines, List<Integer> chain) {}

    private final Problems problems;
    private final Map<String, String> environment;
    private final Map<String, Source> sources = new HashMap<>();
    private final HoconSize size = new HoconSize();

    HoconFiles(Problems problems, Map<String, String> environment) {
        this.problems = problems;
        this.environment = environment;
    }

    /** The whole configuration, references replaced; empty if it cannot be, which was reported. */
    Optional<ConfigObject> read(Path file, String text) {
        return parsed(file, text).flatMap(this::resolved);
    }

    private Optional<ConfigObject> parsed(Path file, String text) {
        try {
            ConfigObject object = parse(file, text, List.of());
            return problems.isFatal() ? Optional.empty() : Optional.of(object);
        } catch (ConfigException e) {
            problems.fatal(
                    place(e, file),
                    message(e),
                    "the file was detected as HOCON; --format keepalived reads it as" + " keepalived.conf");
            return Optional.empty();
        }
    }

    private Optional<ConfigObject> resolved(ConfigObject object) {
        if (size.bound() > MAX_SIZE) {
            problems.fatal(
                    Origin.ofFile(sources.keySet().iterator().next()),
                    "values with references exceed " + (long) MAX_SIZE + " characters",
                    "find values that refer to each other");
            return Optional.empty();
        }
        Config env = ConfigFactory.empty().withValue("env", ConfigValueFactory.fromMap(environment, "environment"));
        boolean own = object.containsKey("env");
        try {
            ConfigObject whole = object.toConfig()
                    .withFallback(env)
                    .resolve(ConfigResolveOptions.noSystem())
                    .root();
            return Optional.of(own ? whole : whole.withoutKey("env"));
        } catch (ConfigException e) {
            Matcher name = SUBSTITUTION.matcher(Objects.requireNonNullElse(e.getMessage(), ""));
            String word = name.find() ? name.group(1) : "";
            Origin where = sources.keySet().stream()
                    .flatMap(f -> find(f, word).stream())
                    .findFirst()
                    .orElseGet(() -> Origin.ofFile(sources.keySet().iterator().next()));
            boolean variable = environment.containsKey(word);
            problems.fatal(
                    where,
                    word.isEmpty() ? message(e) : "undefined reference '" + word + "'",
                    variable
                            ? "environment variables are ${env." + word + "}"
                            : "define it, or write ${?" + word + "}");
            return Optional.empty();
        }
    }

    private Optional<Origin> find(String file, String word) {
        List<String> lines =
                sources.getOrDefault(file, new Source(List.of(), List.of())).lines();
        for (int i = 0; i < lines.size() && !word.isEmpty(); i++) {
            Matcher m = SUBSTITUTION.matcher(lines.get(i));
            while (m.find()) {
                if (m.group(1).equals(word)) {
                    return Optional.of(new Origin(file, i + 1, m.start() + 1, lines.get(i)));
                }
            }
        }
        return Optional.empty();
    }

    // ---- one file

    private ConfigObject parse(Path file, String text, List<Integer> chain) {
        if (!LoadBudget.hocon(Origin.ofFile(file.toString()), text.length(), problems)) {
            return ConfigFactory.empty().root();
        }
        String name = file.toString();
        List<String> lines = List.of(text.split("\n", -1));
        sources.putIfAbsent(name, new Source(lines, chain));
        problems.reading(name);
        HoconScanner scan = HoconScanner.scan(text);
        if (scan.tooDeepAt() >= 0) {
            problems.fatal(
                    origin(name, lines, text, scan.tooDeepAt()),
                    "nested more deeply than " + HoconScanner.MAX_DEPTH,
                    "");
            return ConfigFactory.empty().root();
        }
        reportTwice(name, lines, text, scan.definitions());
        size.add(scan.definitions());
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setOriginDescription(name)
                .setIncluder(new Includer(file, text, lines, chain, scan.includes()));
        try {
            return ConfigFactory.parseString(numbered(text, scan.includes()), options)
                    .root();
        } catch (ConfigException.BugOrBroken | StackOverflowError e) {
            throw new ConfigException.Parse(null, "invalid HOCON: " + e.getMessage(), e);
        }
    }

    /** The text with each include directive naming its number, on as many lines as before. */
    private static String numbered(String text, List<Include> includes) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int i = 0; i < includes.size(); i++) {
            Include include = includes.get(i);
            out.append(text, from, include.begin())
                    .append("include \"")
                    .append(i)
                    .append('"');
            text.substring(include.begin(), include.end())
                    .chars()
                    .filter(c -> c == '\n')
                    .forEach(_ -> out.append('\n'));
            from = include.end();
        }
        return out.append(text.substring(from)).toString();
    }

    private void reportTwice(String name, List<String> lines, String text, List<Definition> definitions) {
        record Key(List<String> path, int list) {}
        Map<Key, Integer> seen = new HashMap<>();
        for (Definition definition : definitions) {
            Integer first = seen.putIfAbsent(new Key(definition.path(), definition.list()), definition.at());
            if (first != null && !definition.appends()) {
                problems.error(
                        origin(name, lines, text, definition.at()),
                        "duplicate '" + String.join(".", definition.path()) + "' in this file",
                        "the first one is at " + origin(name, lines, text, first) + ": merge them, or use +=");
            }
        }
    }

    private static Origin origin(String name, List<String> lines, String text, int offset) {
        int line =
                (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
        int column = offset - (text.lastIndexOf('\n', offset - 1) + 1) + 1;
        return new Origin(name, line + 1, column, lines.get(line));
    }

    // ---- includes

    private final class Includer implements ConfigIncluder {
        private final Path file;
        private final String text;
        private final List<String> lines;
        private final List<Integer> chain;
        private final List<Include> includes;

        Includer(Path file, String text, List<String> lines, List<Integer> chain, List<Include> includes) {
            this.file = file;
            this.text = text;
            this.lines = lines;
            this.chain = chain;
            this.includes = includes;
        }

        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            ConfigObject none = ConfigFactory.empty().root();
            if (!what.matches("\\d{1,9}") || Integer.parseInt(what) >= includes.size()) {
                throw new ConfigException.Parse(none.origin(), "invalid include: " + what);
            }
            Include include = includes.get(Integer.parseInt(what));
            Origin origin = origin(file.toString(), lines, text, include.begin());
            if (!include.kind().isEmpty() && !include.kind().equals("file")) {
                problems.fatal(
                        origin,
                        "include " + include.kind() + "(…) is not supported: only files can be included",
                        "use: include file(\"PATH\")");
                return none;
            }
            if (chain.size() >= MAX_DEPTH) {
                problems.fatal(
                        origin,
                        "more than " + MAX_DEPTH + " files include each other",
                        "find a file that includes itself");
                return none;
            }
            return all(include, origin);
        }

        private ConfigObject all(Include include, Origin origin) {
            Path parent = file.toAbsolutePath().getParent();
            List<Path> matches = IncludeGlob.alternatives(include.target()).stream()
                    .flatMap(p -> IncludeGlob.input(parent == null ? Path.of("/") : parent, p).stream())
                    .toList();
            ConfigObject merged = ConfigFactory.empty().root();
            if (matches.isEmpty() && !include.optional()) {
                problems.fatal(
                        origin,
                        "no file matches '" + include.target() + "'",
                        "create the file, or write: include optional(file(\"" + include.target() + "\"))",
                        Kind.INCLUDE_CHECK);
            }
            for (Path match : matches) {
                List<Integer> inner = new ArrayList<>(chain);
                inner.add(origin.line());
                Optional<String> content =
                        Files.isRegularFile(match) ? TextFiles.read(match, problems) : unfit(match, origin);
                if (content.isPresent() && !problems.isFatal()) {
                    merged = parse(match, content.get(), inner).withFallback(merged);
                }
            }
            return merged;
        }

        private Optional<String> unfit(Path match, Origin origin) {
            problems.fatal(origin, match + " is not a regular file", "", Kind.INCLUDE_CHECK);
            return Optional.empty();
        }
    }

    // ---- places

    private Origin place(ConfigException e, Path file) {
        @Nullable ConfigOrigin origin = e.origin();
        return origin == null ? Origin.ofFile(file.toString()) : origin(origin, "");
    }

    private static String message(ConfigException e) {
        String text = Objects.requireNonNullElse(e.getMessage(), e.toString());
        @Nullable ConfigOrigin origin = e.origin();
        String prefix = origin == null ? "" : origin.description() + ": ";
        return (text.startsWith(prefix) ? text.substring(prefix.length()) : text).replace('\n', ' ');
    }

    /** The place of a value, at the column of {@code word} if that line contains it. */
    Origin origin(ConfigOrigin origin, String word) {
        Matcher place = PLACE.matcher(origin.description());
        if (!place.matches()) {
            return Origin.ofFile(origin.description());
        }
        String file = place.group(1);
        int line = Integer.parseInt(place.group(2));
        List<String> lines =
                sources.getOrDefault(file, new Source(List.of(), List.of())).lines();
        if (line < 1 || line > lines.size()) {
            return new Origin(file, line, 1, "");
        }
        String shown = lines.get(line - 1);
        int column = word.isEmpty() ? -1 : columnOf(word, shown);
        return new Origin(file, line, Math.max(column, 0) + (column < 0 ? indent(shown) : 0) + 1, shown);
    }

    /** The column of a word as a key, else as a whole word, else -1. */
    private static int columnOf(String word, String line) {
        int whole = -1;
        for (int at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
            int end = at + word.length();
            if ((at == 0 || !isWordCharacter(line.charAt(at - 1)))
                    && (end == line.length() || !isWordCharacter(line.charAt(end)))) {
                String rest = line.substring(end).stripLeading();
                rest = (rest.startsWith("\"") ? rest.substring(1) : rest).stripLeading();
                if (!rest.isEmpty() && "=:{+".indexOf(rest.charAt(0)) >= 0) {
                    return at;
                }
                whole = whole < 0 ? at : whole;
            }
        }
        return whole;
    }

    private static boolean isWordCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** Where a place lies in the text as a whole: lines of includes that lead to it, its line, its column. */
    List<Integer> order(Origin origin) {
        List<Integer> order = new ArrayList<>(sources.getOrDefault(origin.file(), new Source(List.of(), List.of()))
                .chain());
        order.add(origin.line());
        order.add(origin.column());
        return order;
    }

    /** By place. */
    static int compare(List<Integer> a, List<Integer> b) {
        int[] x = a.stream().mapToInt(Integer::intValue).toArray();
        int[] y = b.stream().mapToInt(Integer::intValue).toArray();
        return Arrays.compare(x, y);
    }
}
