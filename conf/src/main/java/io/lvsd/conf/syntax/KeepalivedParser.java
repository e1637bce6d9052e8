package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * keepalived.conf to a tree of statements. Braces that are missing or too many are reported, and the rest is read as
 * keepalived reads it: the lines after a block keyword are its block even if its opening brace is missing, and an opening
 * brace where none is expected is ignored.
 */
public final class KeepalivedParser {
    private static final int MAX_DEPTH = 64;

    /** Keywords of blocks that are in no other block. */
    private static final Set<String> TOP_LEVEL = Set.of("virtual_server", "virtual_server_group", "global_defs");

    private final Problems problems;
    private final Grammar grammar;
    private final Parameters parameters;
    private List<Token> tokens = List.of();
    /**
     * For each token how many blocks it and those behind it close, less those that they open, up to the next line that can only
     * start a block of the top level.
     */
    private int[] closing = {};

    private int at;
    private int depth;

    /**
     * A parser for one configuration.
     *
     * @param grammar of the top level
     * @param configId what conditional lines and {@code _INSTANCE} mean
     */
    public KeepalivedParser(Problems problems, Grammar grammar, String configId) {
        this.problems = problems;
        this.grammar = grammar;
        this.parameters = new Parameters(
                configId, name -> Objects.requireNonNullElse(System.getenv(name), ""), System.nanoTime());
    }

    /** Reads a file and what it includes. Problems are reported; what can be understood is returned. */
    public List<Statement> parse(Path file, String text) {
        return parse(file, text, new TextBlocks(List.of()));
    }

    /** As {@link #parse(Path, String)}; the statement of a block that is used again has an empty block. */
    public List<Statement> parse(Path file, String text, TextBlocks blocks) {
        SourceFiles source = new SourceFiles(problems, parameters, blocks);
        List<Token> all = source.read(file, text);
        int reports = problems.reports();
        List<Statement> statements = tree(all);
        if (problems.reports() != reports) {
            blocks.unclear();
        }
        blocks.parsed(file.toString(), text, problems.reports() == 0, source.lines(), source.work());
        return statements;
    }

    /**
     * As {@link #parse(Path, String, TextBlocks)}, with the statements of a former load where lines are the same; empty, and
     * nothing is reported, if the file must be parsed completely.
     */
    public static Optional<List<Statement>> parseChanges(
            Path file, String text, FormerText former, TextBlocks blocks, Grammar grammar, String configId) {
        if (!former.file().equals(file.toString())) {
            return Optional.empty();
        }
        Problems trial = new Problems();
        KeepalivedParser parser = new KeepalivedParser(trial, grammar, configId);
        SourceFiles source = new SourceFiles(trial, parser.parameters, blocks);
        Optional<List<Statement>> statements = LoadBudget.unlimited(
                () -> new ChangedBlocks(former, file, text, blocks, source, parser::tree, trial).read());
        if (statements.isEmpty()
                || !LoadBudget.lines(Origin.ofFile(file.toString()), source.lines(), text.length(), trial)) {
            return Optional.empty();
        }
        blocks.parsed(file.toString(), text, true, source.lines(), source.work());
        return statements;
    }

    /** Reads a text in which nothing is replaced or included. */
    public List<Statement> parsePlain(String text) {
        KeepalivedLexer lexer = new KeepalivedLexer(problems);
        List<Token> all = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            if (!LoadBudget.line(new Origin("request", number + 1, 1, ""), line.length(), problems)) {
                return List.of();
            }
            all.addAll(lexer.lex(
                    SourceText.of("request", ++number, line).withoutComment().strip()));
        }
        return tree(all);
    }

    private List<Statement> tree(List<Token> all) {
        tokens = all;
        at = 0;
        closing = closing(all);
        List<Statement> statements = new ArrayList<>();
        while (at < tokens.size()) {
            statements.addAll(statements(new Frame(grammar, null, false, null)));
            if (at < tokens.size() && tokens.get(at) instanceof Token.Close(Origin origin)) {
                problems.error(origin, "unexpected '}': no block is open", "remove it, or add the missing '{' above");
                at++;
            }
        }
        return statements;
    }

    private static int[] closing(List<Token> tokens) {
        int[] sums = new int[tokens.size() + 1];
        for (int i = tokens.size() - 1; i >= 0; i--) {
            sums[i] = sums[i + 1]
                    + switch (tokens.get(i)) {
                        case Token.Close _ -> 1;
                        case Token.Open _ -> -1;
                        case Token.Line _, Token.Dropped _ -> 0;
                    };
            if (tokens.get(i) instanceof Token.Line(List<Word> words)
                    && TOP_LEVEL.contains(words.getFirst().text())) {
                sums[i] = 0;
            }
        }
        return sums;
    }

    /**
     * A block that is being read.
     *
     * @param opener its keyword; null at the top level
     * @param implied whether its opening brace is missing
     * @param outer the block around it; null at the top level
     */
    private record Frame(
            Grammar grammar,
            @Nullable Word opener,
            boolean implied,
            @Nullable Frame outer) {
        /** Whether a line can only mean that a block without an opening brace has ended: it opens one around this. */
        boolean isEndedBy(String keyword) {
            return implied && grammar.form(keyword) == Grammar.Form.UNKNOWN && opensAround(keyword);
        }

        private boolean opensAround(String keyword) {
            for (Frame frame = outer; frame != null; frame = frame.outer) {
                if (frame.grammar.form(keyword) == Grammar.Form.BLOCK) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Statements up to the brace that closes the block, or to the end. Does not consume the brace. */
    private List<Statement> statements(Frame frame) {
        List<Statement> statements = new ArrayList<>();
        int ignored = 0;
        while (at < tokens.size()) {
            switch (tokens.get(at)) {
                case Token.Line(List<Word> words) -> {
                    if (frame.isEndedBy(words.getFirst().text())) {
                        return statements;
                    }
                    at++;
                    statements.add(
                            new Statement(words.getFirst(), words.subList(1, words.size()), block(frame, words)));
                }
                case Token.Dropped(Word keyword) -> {
                    at++;
                    statements.add(Statement.dropped(keyword));
                    if (isOpen()) {
                        block(new Frame(Grammar.ANY, keyword, false, frame));
                    }
                }
                case Token.Open(Origin origin) -> ignored += stray(origin, before(), depth);
                case Token.Close _ -> {
                    if (ignored == 0) {
                        return statements;
                    }
                    ignored--;
                    at++;
                }
            }
        }
        Word opener = frame.opener();
        if (opener != null && !frame.implied()) {
            problems.error(
                    opener.origin(),
                    "missing '}': the block of '" + opener.text() + "' is not closed",
                    "add '}' at the end of the block");
        }
        return statements;
    }

    private boolean isOpen() {
        return at < tokens.size() && tokens.get(at) instanceof Token.Open;
    }

    /** The keyword of the line before the current token; empty if the token follows a brace. */
    private String before() {
        return at > 0 && tokens.get(at - 1) instanceof Token.Line(List<Word> words)
                ? words.getFirst().text()
                : "";
    }

    /**
     * Ignores a brace that opens nothing.
     *
     * @param open blocks that are open
     * @return how many closing braces belong to it: one, if there are more than the open blocks need
     */
    private int stray(Origin origin, String keyword, int open) {
        at++;
        boolean paired = closing[at] > open;
        String and = paired ? " and its '}'" : "";
        problems.error(
                origin,
                keyword.isEmpty()
                        ? "unexpected '{' without a keyword before it, ignored"
                        : "unexpected '{', ignored: '" + keyword + "' is not a block",
                "remove it" + and);
        return paired ? 1 : 0;
    }

    private @Nullable List<Statement> block(Frame frame, List<Word> words) {
        Word keyword = words.getFirst();
        Grammar inside = frame.grammar().inside(keyword.text());
        return switch (frame.grammar().form(keyword.text())) {
            case LINE -> null;
            case UNKNOWN -> isOpen() ? block(new Frame(inside, keyword, false, frame)) : null;
            case BLOCK -> {
                boolean open = isOpen();
                if (!open) {
                    problems.error(
                            keyword.origin(),
                            "missing '{' after '" + keyword.text() + "': the following lines are read as its block",
                            "add '{' at the end of the line");
                }
                yield block(new Frame(inside, keyword, !open, frame));
            }
        };
    }

    /**
     * The content of a block, whose braces are consumed. If the opening one is missing, the closing one may be missing too: it
     * belongs to a block around this if those need all that are left.
     */
    private @Nullable List<Statement> block(Frame frame) {
        if (depth >= MAX_DEPTH) {
            problems.fatal(
                    Objects.requireNonNull(frame.opener()).origin(),
                    "blocks are nested more deeply than " + MAX_DEPTH,
                    "");
            at = tokens.size();
            return null;
        }
        if (!frame.implied()) {
            at++;
        }
        depth++;
        List<Statement> content = statements(frame);
        depth--;
        boolean closed = at < tokens.size() && tokens.get(at) instanceof Token.Close;
        if (closed && (!frame.implied() || closing[at] > depth)) {
            at++;
        } else if (frame.implied()) {
            // Neither brace is there: where the block was meant to end is not known.
            content.add(Statement.dropped(
                    new Word("{", Objects.requireNonNull(frame.opener()).origin(), false)));
        }
        return content;
    }
}
