package io.lvsd.conf.syntax;

import io.lvsd.conf.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conditional lines, definitions, parameters, {@code ~SEQ} and {@code ~LST}: a physical line to the lines that it stands
 * for. What was put in for a parameter is looked at like what was written, except that it never starts a comment. Everything
 * is bounded: a line, a range, and what a file grows to. Used by one thread.
 */
final class Expander {
    /** Lines that one configuration may come to by repetition. */
    static final int MAX_LINES = 1_000_000;

    private static final int MAX_REPLACEMENTS = 1_000;
    private static final int MAX_DEPTH = 64;
    private static final Pattern CONDITION = Pattern.compile("@(\\^?)([^\\s]+)(?:\\s+(.*))?");
    private static final Pattern DEFINITION = Pattern.compile("\\$([A-Za-z_]\\w*)=\\s*(.*)");
    private static final Pattern NAME =
            Pattern.compile("\\$(?:([A-Za-z_]\\w*)(?=[ \\t,)]|$)|\\{([A-Za-z_]\\w*)([^{}\"]*)\\})");

    private final Problems problems;
    private final Parameters parameters;

    // a definition that goes on
    private String continuedName = "";
    private List<String> continued = List.of();

    private int lines;

    Expander(Problems problems, Parameters parameters) {
        this.problems = problems;
        this.parameters = parameters;
    }

    Parameters parameters() {
        return parameters;
    }

    /**
     * Gives each line that a physical line stands for to {@code sink}, in their order, before the next is made: what it
     * defines or includes is known to those behind it.
     */
    void expand(SourceText physical, Path file, Consumer<SourceText> sink) {
        SourceText line = physical.withoutComment().strip();
        if (!continuedName.isEmpty()) {
            continueDefinition(line);
        } else {
            process(line, file, sink, 0);
        }
    }

    /** At the end of a file: a definition does not go on in the next. */
    void endOfFile() {
        if (!continuedName.isEmpty()) {
            parameters.define(continuedName, continued);
            continuedName = "";
        }
    }

    private void process(SourceText line, Path file, Consumer<SourceText> sink, int depth) {
        if (depth > MAX_DEPTH) {
            problems.fatal(
                    line.origin(0),
                    "parameters and repetitions are nested deeper than " + MAX_DEPTH,
                    "look for one that stands for itself");
            return;
        }
        if (line.length() == 0 || problems.isFatal()) {
            return;
        }
        Matcher condition = CONDITION.matcher(line.text());
        if (condition.matches()) {
            boolean same = condition.group(2).equals(parameters.configId());
            if (condition.group(3) != null && same == condition.group(1).isEmpty()) {
                process(line.from(condition.start(3)).strip(), file, sink, depth + 1);
            }
            return;
        }
        Matcher definition = DEFINITION.matcher(line.text());
        if (definition.matches()) {
            define(definition.group(1), definition.group(2));
            return;
        }
        if (line.text().startsWith("~")) {
            repeat(line, file, sink, depth);
            return;
        }
        Optional<List<SourceText>> replaced = replaceAll(line, file);
        if (replaced.isEmpty()) {
            return;
        }
        List<SourceText> result = replaced.get();
        boolean changed = result.size() > 1 || !result.getFirst().text().equals(line.text());
        for (SourceText each : result) {
            if (changed && mayStandForMore(each)) {
                process(each.strip(), file, sink, depth + 1);
            } else {
                emit(each, sink);
            }
        }
    }

    /** Whether replacing has brought up something that stands for other lines again. */
    private static boolean mayStandForMore(SourceText line) {
        String text = line.text().stripLeading();
        return text.startsWith("@")
                || text.startsWith("~SEQ")
                || text.startsWith("~LST")
                || DEFINITION.matcher(text).matches()
                || NAME.matcher(text).find();
    }

    private void emit(SourceText line, Consumer<SourceText> sink) {
        if (++lines > MAX_LINES) {
            if (!problems.isFatal()) {
                problems.fatal(
                        line.origin(0),
                        "repetitions come to more than " + MAX_LINES + " lines",
                        "make ranges shorter, or write the file with a program");
            }
            return;
        }
        sink.accept(line);
    }

    // ---- definitions

    private void define(String name, String value) {
        if (value.endsWith("\\")) {
            continuedName = name;
            continued = new ArrayList<>();
            addContinued(value.substring(0, value.length() - 1).strip());
        } else {
            parameters.define(name, List.of(unescaped(value)));
        }
    }

    private void continueDefinition(SourceText line) {
        if (line.length() == 0) {
            return;
        }
        boolean goesOn = line.text().endsWith("\\");
        addContinued(goesOn ? line.text().substring(0, line.length() - 1).strip() : line.text());
        if (!goesOn) {
            endOfFile();
        }
    }

    private void addContinued(String text) {
        if (!text.isEmpty()) {
            continued.add(unescaped(text));
        }
    }

    /** A backslash before a comment's sign has done its work. */
    private static String unescaped(String value) {
        return value.replace("\\#", "#").replace("\\!", "!");
    }

    // ---- parameters

    /** The line with every parameter replaced; several lines if one of several stands at its end; empty: it was an error. */
    private Optional<List<SourceText>> replaceAll(SourceText line, Path file) {
        SourceText text = line;
        int from = 0;
        for (int replacements = 0; replacements <= MAX_REPLACEMENTS; replacements++) {
            Matcher name = NAME.matcher(text.text());
            if (!name.find(from)) {
                return Optional.of(List.of(text));
            }
            String word = name.group(1) != null ? name.group(1) : name.group(2);
            List<String> words = name.group(3) == null
                    ? List.of()
                    : List.of(name.group(3).strip().split("\\s+")).stream()
                            .filter(w -> !w.isEmpty())
                            .toList();
            Optional<List<String>> value = parameters.value(word, words, file);
            if (value.isEmpty()) {
                if (name.group(2) != null && !isQuoted(text, name.start())) {
                    problems.error(
                            text.origin(name.start()),
                            "parameter '" + word + "' is not defined; the line is skipped",
                            "define it above: $" + word + "=VALUE");
                    return Optional.empty();
                }
                from = name.end();
            } else if (value.get().size() > 1) {
                return severalLines(text, name, value.get());
            } else {
                text = text.replaced(
                        name.start(),
                        name.end(),
                        value.get().isEmpty() ? "" : value.get().getFirst());
                from = name.start();
            }
            if (text.length() > KeepalivedLexer.MAX_LINE) {
                break;
            }
        }
        problems.error(
                line.origin(0),
                "the line grows without end; it is skipped",
                "look for a parameter whose value contains itself");
        return Optional.empty();
    }

    private Optional<List<SourceText>> severalLines(SourceText text, Matcher name, List<String> values) {
        if (name.end() != text.length()) {
            problems.error(
                    text.origin(name.start()),
                    "a parameter of several lines must be the last word of a line; the line is skipped",
                    "write what follows on the next line");
            return Optional.empty();
        }
        List<SourceText> result = new ArrayList<>();
        result.add(text.replaced(name.start(), name.end(), values.getFirst()));
        SourceText only = text.part(name.start(), name.end());
        for (String value : values.subList(1, values.size())) {
            result.add(only.replaced(0, only.length(), value));
        }
        return Optional.of(result);
    }

    private static boolean isQuoted(SourceText text, int index) {
        boolean quoted = false;
        for (int i = 0; i < index; i++) {
            quoted ^= text.charAt(i) == '"';
        }
        return quoted;
    }

    // ---- repetition

    private void repeat(SourceText line, Path file, Consumer<SourceText> sink, int depth) {
        Optional<Repetition> repetition = Repetition.read(line, s -> replaceAll(s, file), problems);
        if (repetition.isEmpty()) {
            return;
        }
        List<String> names = repetition.get().names();
        for (List<String> values : repetition.get().values()) {
            List<Optional<List<String>>> before = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                before.add(parameters.lend(names.get(i), values.get(i)));
            }
            process(repetition.get().rest(), file, sink, depth + 1);
            for (int i = names.size() - 1; i >= 0; i--) {
                parameters.giveBack(names.get(i), before.get(i));
            }
            if (problems.isFatal()) {
                return;
            }
        }
    }
}
