package io.lvsd.conf.syntax;

import io.lvsd.conf.Origin;
import io.lvsd.conf.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** keepalived.conf to a tree of statements. */
public final class KeepalivedParser {
    private static final int MAX_DEPTH = 64;

    private final Problems problems;
    private final Parameters parameters;
    private List<Token> tokens = List.of();
    private int at;
    private int depth;

    /**
     * A parser for one configuration.
     *
     * @param configId what conditional lines and {@code _INSTANCE} mean
     */
    public KeepalivedParser(Problems problems, String configId) {
        this.problems = problems;
        this.parameters = new Parameters(
                configId, name -> Objects.requireNonNullElse(System.getenv(name), ""), System.nanoTime());
    }

    /** Reads a file and what it includes. Problems are reported; what can be understood is returned. */
    public List<Statement> parse(Path file, String text) {
        return tree(new SourceFiles(problems, parameters).read(file, text));
    }

    /** Reads a text in which nothing is replaced or included. */
    public List<Statement> parsePlain(String text) {
        KeepalivedLexer lexer = new KeepalivedLexer(problems);
        List<Token> all = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            all.addAll(lexer.lex(
                    SourceText.of("request", ++number, line).withoutComment().strip()));
        }
        return tree(all);
    }

    private List<Statement> tree(List<Token> all) {
        tokens = all;
        at = 0;
        List<Statement> statements = new ArrayList<>();
        while (at < tokens.size()) {
            statements.addAll(statements(null));
            if (at < tokens.size() && tokens.get(at) instanceof Token.Close(Origin origin)) {
                problems.error(origin, "'}' without a block to close", "remove it, or look for a missing '{' above");
                at++;
            }
        }
        return statements;
    }

    /** Statements up to the brace that closes {@code opener}, or to the end. Does not consume the brace. */
    private List<Statement> statements(@Nullable Word opener) {
        List<Statement> statements = new ArrayList<>();
        while (at < tokens.size()) {
            switch (tokens.get(at)) {
                case Token.Line(List<Word> words) -> {
                    at++;
                    statements.add(
                            new Statement(words.getFirst(), words.subList(1, words.size()), block(words.getFirst())));
                }
                case Token.Open(Origin origin) -> {
                    problems.error(origin, "'{' without a keyword before it", "remove it and its '}'");
                    block(new Word("{", origin, false));
                }
                case Token.Close _ -> {
                    return statements;
                }
            }
        }
        if (opener != null) {
            problems.error(
                    opener.origin(),
                    "the block of '" + opener.text() + "' is not closed",
                    "add a '}' where the block should end");
        }
        return statements;
    }

    private @Nullable List<Statement> block(Word opener) {
        if (at >= tokens.size() || !(tokens.get(at) instanceof Token.Open)) {
            return null;
        }
        if (depth >= MAX_DEPTH) {
            problems.fatal(opener.origin(), "blocks nested deeper than " + MAX_DEPTH, "");
            at = tokens.size();
            return null;
        }
        at++;
        depth++;
        List<Statement> content = statements(opener);
        depth--;
        closeStray();
        return content;
    }

    private void closeStray() {
        if (at < tokens.size() && tokens.get(at) instanceof Token.Close) {
            at++;
        }
    }
}
