package io.lvsd.conf.convert;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Plain;
import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.ConfigProblem.Severity;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.syntax.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Loads the result of a conversion. keepalived accepts combinations that are an error here, such as {@code ha_suspend}
 * in a group with
 * a firewall mark. A line that such an error names is omitted if the configuration is the same without it. All other
 * errors remain, and are reported.
 */
final class Validation {
    /** An omission may reveal the next error. */
    private static final int MOST_ROUNDS = 20;
    /** Lines that are tried one by one; the time for each is that of a conversion. */
    private static final int MOST_LINES = 100;

    private final ConfigFormat format;
    private final List<ConfigProblem> lost;
    /** Lines that have an effect, by their words and those of their block, as their places change. */
    private final Set<String> needed = new HashSet<>();

    /** A line of a block, with the words that open the block. */
    private record Line(Statement statement, String inside) {
        boolean isAt(Set<Origin> places) {
            return Stream.concat(Stream.of(statement.keyword()), statement.words().stream())
                    .anyMatch(w -> places.contains(w.origin()));
        }

        String content() {
            return words(statement) + " in " + inside;
        }

        /** Without its value, which may be a secret. */
        String title() {
            return "'" + statement.name() + "' of '" + inside + "'";
        }
    }

    Validation(ConfigFormat format, List<ConfigProblem> lost) {
        this.format = format;
        this.lost = new ArrayList<>(lost);
    }

    /** Loads, and omits lines with errors, until none can be omitted. */
    Converted apply(String written) {
        String text = written;
        for (int round = 1; ; round++) {
            Plain plain = ConfigLoader.readPlain(text, format);
            List<ConfigProblem> errors =
                    plain.problems().stream().filter(ConfigProblem::isError).toList();
            Set<Origin> places = errors.stream().map(ConfigProblem::origin).collect(Collectors.toSet());
            List<Line> wrong = new ArrayList<>();
            lines(plain.tree().statements(), "", places, wrong);
            wrong.removeIf(l -> needed.contains(l.content()));
            if (wrong.isEmpty() || round == MOST_ROUNDS) {
                errors.forEach(e ->
                        lost.add(problem("error in line " + e.origin().line() + " of the result: " + e.text(), e)));
                return new Converted(text, lost);
            }
            text = without(wrong, errors, plain, text);
        }
    }

    private static void lines(List<Statement> statements, String inside, Set<Origin> places, List<Line> found) {
        for (Statement statement : statements) {
            List<Statement> block = statement.block();
            Line line = new Line(statement, inside);
            if (block != null) {
                lines(block, words(statement), places, found);
            } else if (!inside.isEmpty() && line.isAt(places)) {
                found.add(line);
            }
        }
    }

    /** The text without the lines that have no effect. */
    private String without(List<Line> wrong, List<ConfigProblem> errors, Plain plain, String text) {
        List<Line> idle = wrong;
        String shorter = written(plain.tree(), idle);
        if (!meansTheSame(plain, shorter)) {
            idle = wrong.stream()
                    .limit(MOST_LINES)
                    .filter(l -> meansTheSame(plain, written(plain.tree(), List.of(l))))
                    .toList();
            shorter = written(plain.tree(), idle);
        }
        List<Line> omitted = meansTheSame(plain, shorter) ? idle : List.of();
        wrong.stream().filter(l -> !omitted.contains(l)).forEach(l -> needed.add(l.content()));
        omitted.forEach(l -> report(l, errors));
        return omitted.isEmpty() ? text : shorter;
    }

    private String written(Tree tree, List<Line> omitted) {
        Set<Origin> origins = omitted.stream().map(l -> l.statement().origin()).collect(Collectors.toSet());
        return Converter.unchecked(new Tree(format, without(tree.statements(), origins)), format)
                .text();
    }

    private static List<Statement> without(List<Statement> statements, Set<Origin> origins) {
        List<Statement> kept = new ArrayList<>();
        for (Statement statement : statements) {
            List<Statement> block = statement.block();
            if (block != null) {
                kept.add(new Statement(
                        statement.keyword(), statement.words(), without(block, origins), statement.dropped()));
            } else if (!origins.contains(statement.origin())) {
                kept.add(statement);
            }
        }
        return kept;
    }

    private boolean meansTheSame(Plain plain, String text) {
        return effective(plain).equals(effective(ConfigLoader.readPlain(text, format)));
    }

    private static String effective(Plain plain) {
        return EffectiveConfig.withSecrets(plain.meaning(), ConfigFormat.KEEPALIVED)
                .text();
    }

    private void report(Line line, List<ConfigProblem> errors) {
        errors.stream()
                .filter(e -> line.isAt(Set.of(e.origin())))
                .forEach(e -> lost.add(problem(line.title() + " is omitted: " + e.text(), e)));
    }

    private static String words(Statement statement) {
        return statement.words().stream()
                .map(w -> " " + w.text())
                .collect(Collectors.joining("", statement.name(), ""));
    }

    private static ConfigProblem problem(String text, ConfigProblem error) {
        return new ConfigProblem(Severity.ERROR, Origin.ofFile("convert"), text, error.hint());
    }
}
