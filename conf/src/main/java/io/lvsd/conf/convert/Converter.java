package io.lvsd.conf.convert;

import static io.lvsd.conf.keyword.BlockBuilder.word;

import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.LvsdKeywords;
import io.lvsd.conf.keyword.RootKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a configuration in a syntax. Includes and parameters are expanded, comments are lost. Defaults that differ
 * between the two syntaxes are written explicitly.
 */
public final class Converter {
    private Converter() {}

    /**
     * The result.
     *
     * @param lost what could not be converted, with its origin
     */
    public record Converted(String text, List<ConfigProblem> lost) {
        public Converted {
            lost = List.copyOf(lost);
        }
    }

    /**
     * Writes a configuration in a syntax, and loads the result. A line of a block that is an error there and has no effect is
     * left out. Each error is reported, whether it is left out or remains.
     */
    public static Converted convert(Tree tree, ConfigFormat to) {
        Converted written = unchecked(tree, to);
        return new Validation(to, written.lost()).apply(written.text());
    }

    /** The result, even if it cannot be loaded. */
    public static Converted unchecked(Tree tree, ConfigFormat to) {
        Problems lost = new Problems();
        List<Statement> statements = tree.format() == to ? tree.statements() : withDefaults(tree, lost);
        List<Node> nodes = Node.of(Scope.ROOT, statements, lost);
        String text = switch (to) {
            case HOCON -> new HoconWriter(lost).write(nodes);
            case KEEPALIVED -> new KeepalivedWriter(lost).write(nodes);
        };
        return new Converted(text, lost.all());
    }

    /** With the defaults that differ in the other syntax. */
    private static List<Statement> withDefaults(Tree tree, Problems lost) {
        List<Statement> statements = new ArrayList<>();
        boolean hocon = tree.format() == ConfigFormat.HOCON;
        List<Statement> own = new ArrayList<>();
        tree.statements().stream()
                .filter(s -> s.name().equals(RootKeywords.LVSD_BLOCK.name()))
                .forEach(s -> own.addAll(Node.blockOf(s)));
        addMissing(own, LvsdKeywords.STOP, hocon ? "keep" : "remove");
        addMissing(own, LvsdKeywords.REPAIR, hocon ? "on" : "missing");
        addMissing(own, LvsdKeywords.RELOAD_GUARD, hocon ? "50" : "100");
        statements.add(new Statement(word(RootKeywords.LVSD_BLOCK.name()), List.of(), own));
        for (Statement statement : tree.statements()) {
            if (statement.name().equals(RootKeywords.VIRTUAL_SERVER_BLOCK.name())) {
                statements.add(hocon ? statement : withProtocol(inOrder(statement, lost)));
            } else if (!statement.name().equals(RootKeywords.LVSD_BLOCK.name())) {
                statements.add(statement);
            }
        }
        return statements;
    }

    private static void addMissing(List<Statement> block, Keyword<?> keyword, String value) {
        if (block.stream().noneMatch(s -> s.name().equals(keyword.name()))) {
            block.add(new Statement(word(keyword.name()), List.of(word(value)), null));
        }
    }

    private static Statement inOrder(Statement server, Problems lost) {
        @Nullable List<Statement> block = server.block();
        return block == null
                ? server
                : new Statement(
                        server.keyword(), server.words(), new LineOrder(block, lost).normalized(), server.dropped());
    }

    /** HOCON requires the protocol; the default of keepalived.conf is UDP. */
    private static Statement withProtocol(Statement server) {
        @Nullable List<Statement> before = server.block();
        boolean address = !server.words().isEmpty()
                && IpAddresses.address(server.words().getFirst().text()).isPresent();
        if (before == null || !address) {
            return server;
        }
        List<Statement> block = new ArrayList<>(before);
        if (block.stream().noneMatch(s -> s.name().equals(ServerKeywords.PROTOCOL.name()))) {
            block.addFirst(new Statement(word(ServerKeywords.PROTOCOL.name()), List.of(word("UDP")), null));
        }
        return new Statement(server.keyword(), server.words(), block);
    }
}
