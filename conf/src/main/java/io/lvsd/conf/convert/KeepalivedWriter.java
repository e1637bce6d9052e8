package io.lvsd.conf.convert;

import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.ScriptWords;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Nodes as keepalived.conf. */
final class KeepalivedWriter {
    private static final Pattern PARAMETER = Pattern.compile("\\$(?:\\{|[A-Za-z_]\\w*(?:[ \\t,)]|$))");

    private final Problems lost;
    private final StringBuilder out = new StringBuilder();

    KeepalivedWriter(Problems lost) {
        this.lost = lost;
    }

    String write(List<Node> nodes) {
        nodes.forEach(n -> node(n, 0));
        return out.toString();
    }

    private void node(Node node, int depth) {
        StringBuilder line = new StringBuilder(node.keyword().name());
        for (int i = 0; i < node.words().size(); i++) {
            Optional<String> word = word(node, i);
            if (word.isEmpty()) {
                lost.warning(
                        node.statement().origin(),
                        "'" + node.keyword().name() + "' is not converted: keepalived.conf cannot quote its value");
                return;
            }
            line.append(' ').append(word.get());
        }
        indent(depth).append(line);
        if (!node.keyword().type().takesBlock()) {
            out.append('\n');
            return;
        }
        out.append(" {\n");
        node.inside().forEach(n -> node(n, depth + 1));
        if (node.shape() == Shape.Simple.LINES || node.shape() == Shape.Simple.NAMED_LINES) {
            node.lines().forEach(words -> line(node, words, depth + 1));
        }
        indent(depth).append("}\n");
    }

    private void line(Node node, List<String> words, int depth) {
        List<Optional<String>> quoted =
                words.stream().map(KeepalivedWriter::quoted).toList();
        if (quoted.stream().anyMatch(Optional::isEmpty)) {
            lost.warning(
                    node.statement().origin(),
                    "a line of '" + node.keyword().name() + "' is not converted: keepalived.conf cannot quote it");
            return;
        }
        indent(depth)
                .append(String.join(" ", quoted.stream().map(Optional::get).toList()))
                .append('\n');
    }

    private StringBuilder indent(int depth) {
        return out.append("  ".repeat(depth));
    }

    private static Optional<String> word(Node node, int index) {
        String text = node.words().get(index);
        if (node.keyword().name().equals("regex")) {
            return Optional.of("\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
        boolean script = node.shape() == Shape.Simple.SCRIPT && index == 0;
        return script ? Optional.of("\"" + commandLine(text) + "\"") : quoted(text);
    }

    /** A command line that can be enclosed in double quotes. */
    private static String commandLine(String text) {
        boolean plain = text.indexOf('"') < 0 && text.indexOf('\\') < 0 && text.indexOf('$') < 0;
        return plain
                ? text
                : ScriptWords.argv(text).map(ScriptWords::commandLine).orElse(text);
    }

    /** A word, in quotes if it needs them; empty if none help: there are no escapes within them, and parameters are replaced. */
    private static Optional<String> quoted(String text) {
        boolean impossible = text.indexOf('"') >= 0
                || text.chars().anyMatch(c -> c < ' ' && c != '\t')
                || PARAMETER.matcher(text).find();
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> " \t#!{}\\~@".indexOf(c) >= 0);
        return impossible ? Optional.empty() : Optional.of(plain ? text : "\"" + text + "\"");
    }
}
