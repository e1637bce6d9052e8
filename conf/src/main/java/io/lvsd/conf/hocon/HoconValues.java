package io.lvsd.conf.hocon;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.lvsd.conf.check.probe.ProbeKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.ScriptWords;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** HOCON's values to the words that keepalived's syntax has. */
final class HoconValues {
    private static final Set<String> ON = Set.of("on", "true", "yes");
    private static final Set<String> OFF = Set.of("off", "false", "no");

    /** How times within pairs are read: in seconds, and never without a value. */
    private static final Keyword<?> SECONDS = ProbeKeywords.DELAY_LOOP;

    private final Problems problems;
    private final HoconFiles files;

    HoconValues(Problems problems, HoconFiles files) {
        this.problems = problems;
        this.files = files;
    }

    private static Statement line(Word keyword, List<Word> words) {
        return new Statement(keyword, words, null);
    }

    private Origin originOf(ConfigValue value, String text) {
        return files.origin(value.origin(), text);
    }

    private <T> List<T> wrong(ConfigValue value, String text, String hint) {
        problems.error(originOf(value, ""), text, hint);
        return List.of();
    }

    /** The entries of an object in the order of the text. */
    private List<Map.Entry<String, ConfigValue>> entries(ConfigObject object) {
        return object.entrySet().stream()
                .sorted(Comparator.comparing(
                        (Map.Entry<String, ConfigValue> e) -> files.order(originOf(e.getValue(), e.getKey())),
                        HoconFiles::compare))
                .toList();
    }

    /** A string, number or boolean as one word. */
    Optional<Word> text(ConfigValue value) {
        Optional<String> text = switch (value.valueType()) {
            case STRING -> Optional.of((String) value.unwrapped());
            case NUMBER -> Optional.of(value.render());
            case BOOLEAN -> Optional.of(value.unwrapped().toString());
            case OBJECT, LIST, NULL -> Optional.empty();
        };
        if (text.isEmpty()) {
            problems.error(
                    originOf(value, ""), "unexpected " + kind(value) + ": expected one value", "write it in quotes");
        }
        if (text.isPresent() && text.get().indexOf('\0') >= 0) {
            problems.error(originOf(value, ""), "value with a NUL character, skipped", "remove \\u0000");
            return Optional.empty();
        }
        return text.map(t -> new Word(t, originOf(value, t), true));
    }

    private static String kind(ConfigValue value) {
        return value.valueType() == ConfigValueType.OBJECT ? "block" : "list";
    }

    /** Whether a keyword that needs no value is only switched on or off; empty if it has a value. */
    private static Optional<Boolean> bare(Keyword<?> keyword, Word word) {
        if (!keyword.type().isOptional() || keyword.type().form().equals("[on|off]")) {
            return Optional.empty();
        }
        boolean on = ON.contains(word.text());
        return on || OFF.contains(word.text()) ? Optional.of(on) : Optional.empty();
    }

    List<Statement> word(Keyword<?> keyword, Word key, ConfigValue value) {
        return text(value).stream()
                .flatMap(w -> bareOr(keyword, key, w, List.of(w)).stream())
                .toList();
    }

    private static List<Statement> bareOr(Keyword<?> keyword, Word key, Word value, List<Word> words) {
        return bare(keyword, value)
                .map(on -> on ? List.of(line(key, List.of())) : List.<Statement>of())
                .orElseGet(() -> List.of(line(key, words)));
    }

    /** A line for each string of a list, or for the one that there is. */
    List<Statement> texts(Word key, ConfigValue value) {
        List<ConfigValue> each = value instanceof ConfigList list ? list : List.of(value);
        return each.stream()
                .flatMap(v -> text(v).stream())
                .map(w -> line(key, List.of(w)))
                .toList();
    }

    /** A line for each string of a list, divided by blanks, or for each list of words in it; or for the string that there is. */
    List<Statement> phrases(Word key, ConfigValue value) {
        List<ConfigValue> each = value instanceof ConfigList list ? list : List.of(value);
        List<Statement> lines = new ArrayList<>();
        for (ConfigValue phrase : each) {
            if (phrase instanceof ConfigList words) {
                Word at = new Word(key.text(), originOf(phrase, "["), false);
                lines.add(line(at, words.stream().flatMap(v -> text(v).stream()).toList()));
            } else {
                text(phrase).ifPresent(w -> lines.add(line(new Word(key.text(), w.origin(), false), divided(w))));
            }
        }
        return lines;
    }

    /** A list, or a string that blanks divide. */
    List<Statement> words(Keyword<?> keyword, Word key, ConfigValue value) {
        if (value instanceof ConfigList list) {
            return List.of(
                    line(key, list.stream().flatMap(v -> text(v).stream()).toList()));
        }
        if (value instanceof ConfigObject) {
            return wrong(value, "'" + key.text() + "' is not a block", "write: " + key.text() + " = …");
        }
        return text(value).stream()
                .flatMap(w -> bareOr(keyword, key, w, divided(w)).stream())
                .toList();
    }

    private static List<Word> divided(Word word) {
        List<Word> words = new ArrayList<>();
        for (String part : word.text().strip().split("\\s+")) {
            if (!part.isEmpty()) {
                words.add(new Word(part, word.origin(), true));
            }
        }
        return words;
    }

    /** A time, whose unit must be there. */
    List<Statement> time(Keyword<?> keyword, Word key, ConfigValue value, Shape.Time time) {
        Optional<Word> word = text(value);
        if (word.isEmpty()) {
            return List.of();
        }
        Optional<Word> number = number(word.get(), time);
        if (bare(keyword, word.get()).isPresent()) {
            return bareOr(keyword, key, word.get(), List.of());
        }
        if (number.isEmpty()) {
            String text = word.get().text();
            boolean bareNumber = text.matches("\\d+(\\.\\d*)?");
            problems.error(
                    word.get().origin(),
                    "invalid " + key.text() + " '" + text + "': "
                            + (bareNumber ? "a unit is required" : "expected a time"),
                    "write " + (bareNumber ? text : "6") + HoconTimes.suffix(time.unit()) + ", or another unit");
            return List.of();
        }
        return List.of(line(key, List.of(number.get())));
    }

    private static Optional<Word> number(Word word, Shape.Time time) {
        return HoconTimes.number(word.text(), time.unit()).map(n -> new Word(n, word.origin(), true));
    }

    List<Statement> endpoint(Word key, ConfigValue value) {
        List<Word> words = endpointWords(value);
        return words.isEmpty() ? List.of() : List.of(line(key, words));
    }

    /** {@code "ADDRESS:PORT"}, {@code "[ADDRESS]:PORT"}, or without a port. */
    List<Word> endpointWords(ConfigValue value) {
        return text(value).map(HoconValues::endpointWords).orElse(List.of());
    }

    private static List<Word> endpointWords(Word word) {
        String text = word.text().strip();
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[") && text.indexOf(']') > 0;
        if (!bracketed
                && (colon < 0
                        || text.indexOf(':') != colon
                        || IpAddresses.address(text).isPresent())) {
            return divided(word);
        }
        int end = bracketed ? text.indexOf(']') + 1 : colon;
        String host = bracketed ? text.substring(1, end - 1) : text.substring(0, end);
        String rest = text.substring(end);
        List<Word> words = new ArrayList<>(List.of(new Word(host, word.origin(), true)));
        if (!rest.isEmpty()) {
            words.add(new Word(rest.startsWith(":") ? rest.substring(1) : rest, word.origin(), true));
        }
        return words;
    }

    /** {@code "COMMAND ARGUMENT"}, {@code ["COMMAND", "ARGUMENT"]}, or an object that names the user too. */
    List<Statement> script(Word key, ConfigValue value) {
        if (value instanceof ConfigObject object) {
            List<Word> words = new ArrayList<>();
            for (String name : List.of("script", "user", "group")) {
                ConfigValue part = object.get(name);
                if (part != null) {
                    words.addAll(
                            name.equals("script")
                                    ? commandLine(part)
                                    : text(part).stream().toList());
                } else if (name.equals("script")) {
                    return wrong(value, "'" + key.text() + "' requires 'script'", "add: script = \"COMMAND\"");
                }
            }
            entries(object).stream()
                    .filter(e -> !Set.of("script", "user", "group").contains(e.getKey()))
                    .forEach(e -> problems.error(
                            originOf(e.getValue(), e.getKey()),
                            "unknown keyword '" + e.getKey() + "'",
                            "expected: script, user or group"));
            return List.of(line(key, words));
        }
        List<Word> words = commandLine(value);
        return words.isEmpty() ? List.of() : List.of(line(key, words));
    }

    private List<Word> commandLine(ConfigValue value) {
        if (!(value instanceof ConfigList list)) {
            return text(value).stream().toList();
        }
        List<String> parts =
                list.stream().flatMap(v -> text(v).stream()).map(Word::text).toList();
        return List.of(new Word(ScriptWords.commandLine(parts), originOf(value, "["), true));
    }

    /** {@code { NAME = ["NETWORK/PREFIX"] }}: a statement for each network. */
    List<Statement> networks(Word key, ConfigValue value) {
        if (!(value instanceof ConfigObject object)) {
            return text(value).stream().map(w -> line(key, divided(w))).toList();
        }
        List<Statement> statements = new ArrayList<>();
        for (Map.Entry<String, ConfigValue> entry : entries(object)) {
            Origin origin = originOf(entry.getValue(), entry.getKey());
            Word word = new Word(entry.getKey(), origin, true);
            Word at = new Word(key.text(), origin, false);
            List<ConfigValue> each = entry.getValue() instanceof ConfigList list ? list : List.of(entry.getValue());
            for (ConfigValue network : each) {
                text(network).ifPresent(n -> statements.add(line(at, List.of(word, n))));
            }
        }
        return statements;
    }

    /** {@code { NAME = VALUE }}: pairs of words. */
    List<Statement> pairs(Word key, ConfigValue value, Shape.Pairs pairs) {
        if (!(value instanceof ConfigObject object)) {
            return text(value).stream().map(w -> line(key, divided(w))).toList();
        }
        List<Word> words = new ArrayList<>();
        if (!pairs.first().isEmpty()) {
            ConfigValue first = object.get(pairs.first());
            if (first == null) {
                return wrong(value, "'" + key.text() + "' requires '" + pairs.first() + "'", "add it");
            }
            words.addAll(text(first).stream().toList());
        }
        for (Map.Entry<String, ConfigValue> entry : entries(object)) {
            String name = entry.getKey();
            ConfigValue part = entry.getValue();
            if (name.equals(pairs.first())) {
                continue;
            }
            Word word = new Word(name, originOf(part, name), true);
            List<Statement> read = pairs.times().contains(name)
                    ? time(SECONDS, word, part, new Shape.Time(ChronoUnit.SECONDS))
                    : text(part).stream().map(w -> line(word, List.of(w))).toList();
            read.forEach(s -> {
                words.add(s.keyword());
                words.addAll(s.words());
            });
        }
        return List.of(line(key, words));
    }

    /** A list of strings: a line for each. The lines of an object are ignored. */
    List<Statement> lines(ConfigValue value) {
        List<ConfigValue> each = value instanceof ConfigList list ? list : List.of(value);
        List<Statement> lines = new ArrayList<>();
        for (ConfigValue line : each) {
            if (line instanceof ConfigObject) {
                continue;
            }
            if (line instanceof ConfigList exact) {
                List<Word> words = exact.stream().flatMap(v -> text(v).stream()).toList();
                if (!words.isEmpty()) {
                    lines.add(line(words.getFirst(), words.subList(1, words.size())));
                }
                continue;
            }
            text(line).ifPresent(w -> {
                List<Word> words = w.text().strip().contains(" ") ? divided(w) : endpointWords(w);
                if (!words.isEmpty()) {
                    lines.add(line(words.getFirst(), words.subList(1, words.size())));
                }
            });
        }
        return lines;
    }
}
