package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conditional lines, definitions, parameters, {@code ~SEQ} and {@code ~LST}: expands a physical line to logical
 * lines. The value of a parameter is read like written text, except that it never starts a comment. Everything
 * is bounded: a line, a range, and what a file grows to. Used by one thread.
 */
final class Expander {
    /** Lines that one configuration may come to by repetition. */
    static final int MAX_LINES = 1_000_000;

    /** Receives the logical lines of a physical line. */
    interface Sink {
        /** A line that is completely expanded. */
        void line(SourceText line);

        /** A line that could not be expanded, which was reported. */
        default void dropped(SourceText line) {}
    }

    private static final int MAX_REPLACEMENTS = 1_000;
    /** Maximum number of characters that are read and copied: about a second's work. */
    private static final long MAX_WORK = 800_000_000;

    private static final int LINE_WORK = 512;
    private static final int MAX_DEPTH = 64;
    private static final Pattern CONDITION = Pattern.compile("@(\\^?)(\\S*)(?:\\s+(.*))?");
    private static final Pattern DEFINITION = Pattern.compile("\\$([A-Za-z_]\\w*)=\\s*(.*)");

    /** One with an end, or a start and an end, in plain numbers. */
    private static final Pattern RANGE =
            Pattern.compile("\\s*~SEQx?\\s*\\(\\s*\\w+\\s*,(?:\\s*(\\d{1,9})\\s*,)?\\s*(\\d{1,9})\\s*\\)");

    private final Problems problems;
    private final Parameters parameters;

    // a definition that goes on
    private String continuedName = "";
    private List<String> continued = List.of();

    private int lines;
    private long work;
    private boolean exhausted;

    Expander(Problems problems, Parameters parameters) {
        this.problems = problems;
        this.parameters = parameters;
    }

    Parameters parameters() {
        return parameters;
    }

    /**
     * Sends each logical line of a physical line to {@code sink}, in order, before the next is made: its definitions and
     * includes apply to the following ones.
     */
    void expand(SourceText physical, Path file, Sink sink) {
        SourceText line = physical.withoutComment().strip();
        if (!continuedName.isEmpty()) {
            continueDefinition(line);
        } else {
            process(line, file, sink, 0);
        }
    }

    /** Whether repetitions have come to more lines than there may be: what was read is of no use. */
    boolean isExhausted() {
        return exhausted;
    }

    int lines() {
        return lines;
    }

    long work() {
        return work;
    }

    /** Whether a definition goes on in the next line. */
    boolean isContinued() {
        return !continuedName.isEmpty();
    }

    /**
     * Counts lines that need not be expanded again; false, and not counted, if a limit would be exceeded.
     *
     * @param expanded how many they are without empty ones
     * @param characters the work that they would be
     */
    boolean skip(int expanded, long characters) {
        if (lines + expanded > MAX_LINES || work + characters > MAX_WORK) {
            return false;
        }
        lines += expanded;
        work += characters;
        return true;
    }

    /** Reads a file's lines before any is expanded, to detect an excessive expansion early. */
    void foresee(String file, String text) {
        if (!text.contains("~SEQ")) {
            return;
        }
        String[] physical = text.split("\n", -1);
        long sum = lines;
        for (int i = 0; i < physical.length && !exhausted; i++) {
            String line = physical[i].stripLeading();
            if (line.startsWith("~SEQ")) {
                sum += least(SourceText.of(file, i + 1, line));
                if (sum > MAX_LINES) {
                    tooMany(SourceText.of(file, i + 1, physical[i]));
                }
            }
        }
    }

    /** At the end of a file: a definition does not go on in the next. */
    void endOfFile() {
        if (!continuedName.isEmpty()) {
            parameters.define(continuedName, continued);
            continuedName = "";
        }
    }

    private void process(SourceText line, Path file, Sink sink, int depth) {
        if (depth > MAX_DEPTH) {
            problems.fatal(
                    line.origin(0),
                    "parameters and repetitions are nested more deeply than " + MAX_DEPTH,
                    "find a parameter that refers to itself");
            return;
        }
        if (line.length() == 0 || !mayGoOn(line, LINE_WORK + line.length())) {
            return;
        }
        switch (line.charAt(0)) {
            case '@' -> condition(line, file, sink, depth);
            case '~' -> repeat(line, file, sink, depth);
            case '$' -> definition(line, file, sink, depth);
            default -> replace(line, file, sink, depth);
        }
    }

    private void condition(SourceText line, Path file, Sink sink, int depth) {
        Matcher condition = CONDITION.matcher(line.text());
        if (condition.matches()) {
            boolean same = condition.group(2).equals(parameters.configId());
            if (condition.group(3) != null && same == condition.group(1).isEmpty()) {
                process(line.from(condition.start(3)).strip(), file, sink, depth + 1);
            }
        } else {
            replace(line, file, sink, depth);
        }
    }

    private void definition(SourceText line, Path file, Sink sink, int depth) {
        Matcher definition = DEFINITION.matcher(line.text());
        if (definition.matches()) {
            define(definition.group(1), definition.group(2));
        } else {
            replace(line, file, sink, depth);
        }
    }

    private void replace(SourceText line, Path file, Sink sink, int depth) {
        if (line.text().indexOf('$') < 0) {
            emit(line, sink);
            return;
        }
        Optional<List<SourceText>> replaced = replaceAll(line, file);
        if (replaced.isEmpty()) {
            sink.dropped(line);
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

    /** Whether a replacement must be expanded again. */
    private static boolean mayStandForMore(SourceText line) {
        return standsForOthers(line) || ParameterUse.find(line.text(), 0).isPresent();
    }

    /** Whether this is a condition, a repetition or a definition: these define the parameters in them. */
    private static boolean standsForOthers(SourceText line) {
        String text = line.text().stripLeading();
        return text.startsWith("@")
                || text.startsWith("~SEQ")
                || text.startsWith("~LST")
                || DEFINITION.matcher(text).matches();
    }

    private void emit(SourceText line, Sink sink) {
        if (++lines > MAX_LINES) {
            tooMany(line);
            return;
        }
        sink.line(line);
    }

    private void tooMany(SourceText line) {
        giveUp(
                line,
                "repetitions expand to more than " + MAX_LINES + " lines",
                "shorten the ranges, or generate the file with a program");
    }

    private void giveUp(SourceText line, String text, String hint) {
        if (!exhausted) {
            exhausted = true;
            problems.fatal(line.origin(0), text, hint);
        }
    }

    /** Counts work, because empty lines are not counted; false if the limit is exceeded. */
    private boolean mayGoOn(SourceText line, long more) {
        work += more;
        if (work > MAX_WORK) {
            giveUp(
                    line,
                    "the expansion of nested parameters is too large",
                    "find a parameter that contains another one twice");
        }
        return !exhausted;
    }

    /** How many lines a line comes to at least, as far as its repetitions are written in numbers. */
    private static long least(SourceText line) {
        long product = 1;
        String text = line.text();
        while (true) {
            Matcher range = RANGE.matcher(text);
            if (!range.lookingAt() || product > MAX_LINES) {
                return product;
            }
            long end = Long.parseLong(range.group(2));
            product *= Math.max(1, range.group(1) == null ? end : end - Long.parseLong(range.group(1)) + 1);
            text = text.substring(range.end());
        }
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

    /** The line with every parameter replaced; several lines if a parameter of several lines is at its end; empty: an error. */
    private Optional<List<SourceText>> replaceAll(SourceText line, Path file) {
        SourceText text = line;
        int from = 0;
        for (int replacements = 0; replacements <= MAX_REPLACEMENTS; replacements++) {
            Optional<ParameterUse> found = ParameterUse.find(text.text(), from);
            if (found.isEmpty() || replacements > 0 && standsForOthers(text)) {
                return Optional.of(List.of(text));
            }
            ParameterUse name = found.get();
            String word = name.name();
            Optional<List<String>> value = parameters.value(word, name.words(), file);
            if (parameters.holdsItself(word)) {
                problems.error(
                        text.origin(name.start()),
                        "the value of parameter '" + word + "' contains the parameter itself, the line is skipped",
                        "use another name");
                return Optional.empty();
            }
            if (value.isEmpty()) {
                if (name.braced() && !isQuoted(text, name.start())) {
                    problems.error(
                            text.origin(name.start()),
                            "undefined parameter '" + word + "', the line is skipped",
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
            if (text.length() > KeepalivedLexer.MAX_LINE || !mayGoOn(text, 2L * text.length())) {
                break;
            }
        }
        problems.error(
                line.origin(0),
                "the expansion of the line is too large, it is skipped",
                "find a parameter whose value contains itself");
        return Optional.empty();
    }

    private Optional<List<SourceText>> severalLines(SourceText text, ParameterUse name, List<String> values) {
        if (name.end() != text.length()) {
            problems.error(
                    text.origin(name.start()),
                    "a parameter of several lines must be the last word of a line, the line is skipped",
                    "move what follows to the next line");
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

    private void repeat(SourceText line, Path file, Sink sink, int depth) {
        Optional<Repetition> repetition = Repetition.read(line, s -> replaceAll(s, file), problems);
        if (repetition.isEmpty()) {
            sink.dropped(line);
            return;
        }
        long times = repetition.get().values().size();
        if (lines + times * least(repetition.get().rest()) > MAX_LINES) {
            tooMany(line);
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
            if (exhausted) {
                return;
            }
        }
    }
}
