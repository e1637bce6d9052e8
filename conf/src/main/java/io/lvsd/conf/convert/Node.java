package io.lvsd.conf.convert;

import io.lvsd.conf.keyword.DuplicatePolicy;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.RootKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.Support;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A statement with a known keyword and a valid value, the effective one if the keyword is repeated.
 *
 * @param value the value that the keyword's type read
 * @param inside the content of the block
 */
record Node(Keyword<?> keyword, Statement statement, Object value, List<Node> inside) {
    Node {
        inside = List.copyOf(inside);
    }

    Shape shape() {
        return keyword.type().shape();
    }

    /** The words after the keyword. */
    List<String> words() {
        return statement.words().stream().map(Word::text).toList();
    }

    /** The lines of a block without keywords, each as its words. */
    List<List<String>> lines() {
        List<List<String>> lines = new ArrayList<>();
        for (Statement line : blockOf(statement)) {
            if (!line.dropped()) {
                List<String> words = new ArrayList<>(List.of(line.name()));
                line.words().forEach(w -> words.add(w.text()));
                lines.add(words);
            }
        }
        return lines;
    }

    boolean is(Keyword<?> other) {
        return keyword.equals(other);
    }

    static List<Statement> blockOf(Statement statement) {
        @Nullable List<Statement> block = statement.block();
        return block == null ? List.of() : block;
    }

    /**
     * The nodes of a block.
     *
     * @param lost reports statements that cannot be written
     */
    static List<Node> of(Scope scope, List<Statement> statements, Problems lost) {
        List<Node> nodes = new ArrayList<>();
        for (Statement statement : statements) {
            if (statement.dropped()) {
                lost.warning(statement.origin(), "'" + statement.name() + "' is not converted: invalid line");
                continue;
            }
            Optional<Keyword<?>> keyword =
                    Language.find(scope, statement.name()).filter(k -> k.support() != Support.VRRP_ONLY);
            if (keyword.isEmpty()) {
                lost.warning(statement.origin(), "'" + statement.name() + "' is not converted: unknown keyword");
                continue;
            }
            node(keyword.get(), statement, lost).ifPresent(n -> add(nodes, n, lost));
        }
        return nodes;
    }

    private static Optional<Node> node(Keyword<?> keyword, Statement statement, Problems lost) {
        Problems problems = new Problems();
        Optional<?> value = keyword.type().read(statement, problems);
        boolean bad = value.isEmpty() || problems.all().stream().anyMatch(ConfigProblem::isError);
        if (bad || keyword.type().takesBlock() && statement.block() == null) {
            String why =
                    problems.all().stream().findFirst().map(ConfigProblem::text).orElse("it requires a block");
            lost.warning(statement.origin(), "'" + statement.name() + "' is not converted: " + why);
            return Optional.empty();
        }
        List<Node> inside = keyword.type()
                .inside()
                .map(scope -> of(scope, blockOf(statement), lost))
                .orElse(List.of());
        return Optional.of(new Node(keyword, statement, value.get(), inside));
    }

    /** Adds a node, or puts it in the place of one that it overrides. */
    private static void add(List<Node> nodes, Node node, Problems lost) {
        DuplicatePolicy duplicates = node.keyword().type().duplicates();
        Optional<Node> before = nodes.stream().filter(n -> n.is(node.keyword())).findFirst();
        if (before.isEmpty() || duplicates == DuplicatePolicy.ALL) {
            nodes.add(node);
        } else if (duplicates == DuplicatePolicy.FIRST_REPORTED) {
            lost.warning(
                    node.statement().origin(),
                    "duplicate '" + node.statement().name() + "', the first value is converted");
        } else if (node.is(RootKeywords.GLOBAL_DEFS_BLOCK) || node.is(RootKeywords.LVSD_BLOCK)) {
            List<Node> merged = new ArrayList<>(before.get().inside());
            node.inside().forEach(n -> add(merged, n, lost));
            nodes.set(
                    nodes.indexOf(before.get()),
                    new Node(node.keyword(), before.get().statement(), node.value(), merged));
        } else if (node.is(ServerKeywords.SORRY_SERVER) || node.is(ServerKeywords.SCHEDULER)) {
            nodes.set(nodes.indexOf(before.get()), node); // others must follow the first one
        } else {
            nodes.remove(before.get());
            nodes.add(node);
        }
    }
}
