package io.lvsd.conf.syntax;

import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a file and what it includes into one stream of tokens, with the included text in the place of each include. */
final class SourceFiles {
    private static final int MAX_DEPTH = 32;
    /** Characters of an over-long line that a message shows. */
    private static final int SHOWN = 60;

    private final Problems problems;
    private final Expander expander;
    private final KeepalivedLexer lexer;
    private final TextBlocks blocks;

    /** What {@code include_check} demands of every include in the file that is being read. */
    private Checks demanded = Checks.NONE;

    SourceFiles(Problems problems, Parameters parameters, TextBlocks blocks) {
        this.blocks = blocks;
        this.problems = problems;
        this.expander = new Expander(problems, parameters);
        this.lexer = new KeepalivedLexer(problems);
    }

    static boolean isInclude(Word word) {
        String text = word.text();
        boolean begins = text.startsWith("include");
        return begins
                && (text.length() == "include".length()
                        || text.length() == "include".length() + 1 && "rmwba".indexOf(text.charAt(7)) >= 0);
    }

    /** What an include directive demands: readable matches, a literal file, a wildcard's match, every alternative. */
    record Checks(boolean readable, boolean match, boolean wildcard, boolean braces) {
        static final Checks NONE = new Checks(false, false, false, false);
        private static final Checks ALL = new Checks(true, true, true, true);

        static Checks of(String directive) {
            return switch (directive) {
                case "includer" -> new Checks(true, false, false, false);
                case "includem" -> new Checks(true, true, false, false);
                case "includew" -> new Checks(true, true, true, false);
                case "includeb" -> new Checks(true, false, false, true);
                case "includea" -> ALL;
                default -> NONE;
            };
        }

        Checks or(Checks other) {
            return new Checks(
                    readable || other.readable,
                    match || other.match,
                    wildcard || other.wildcard,
                    braces || other.braces);
        }

        /** After {@code include_check} with these words: a sign adds or removes, a word without one starts a new list. */
        Checks with(List<Word> words) {
            if (words.isEmpty()) {
                return ALL;
            }
            Checks result = words.getFirst().text().matches("[+-].*") ? this : NONE;
            for (Word word : words) {
                boolean on = !word.text().startsWith("-");
                result = switch (word.text().replaceFirst("^[+-]", "")) {
                    case "match" -> new Checks(result.readable || on, on, result.wildcard, result.braces);
                    case "wildcard_match" -> new Checks(result.readable || on, result.match, on, result.braces);
                    case "brace_match" -> new Checks(result.readable || on, result.match, result.wildcard, on);
                    default -> new Checks(on, result.match, result.wildcard, result.braces);
                };
            }
            return result;
        }
    }

    /** The tokens of the top file. */
    List<Token> read(Path file, String text) {
        return splice(file, text, 0);
    }

    /**
     * The tokens of one block at the top level, of a file that depends on no other.
     *
     * @param start of its first line in the text
     * @param end of its last one: a line feed, or the end of the text
     * @param line number of its first line, from 1
     */
    List<Token> read(Path file, String text, int start, int end, int line) {
        return splice(file, text, start, end, line, 0);
    }

    /** Counts lines that need not be read again; false if a limit would be exceeded. */
    boolean skip(int expanded, long work) {
        return expander.skip(expanded, work);
    }

    /** Lines that are not empty, of all that was read or skipped. */
    int lines() {
        return expander.lines();
    }

    /** The work of the expansion in characters. */
    long work() {
        return expander.work();
    }

    private List<Token> splice(Path file, String text, int depth) {
        problems.reading(file.toString());
        expander.foresee(file.toString(), text);
        return splice(file, text, 0, text.length(), 1, depth);
    }

    private List<Token> splice(Path file, String text, int from, int to, int line, int depth) {
        List<Token> tokens = new ArrayList<>();
        int number = line - 1;
        for (int start = from; start <= to; ) {
            number++;
            if (expander.isExhausted() || LoadBudget.isExceeded()) {
                return List.of();
            }
            int feed = text.indexOf('\n', start);
            int end = feed < 0 ? text.length() : feed;
            if (!expander.isContinued() && blocks.mayStart(text, start)) {
                Optional<TextBlock> former = blocks.former(file.toString(), text, start, end);
                Optional<TextBlock> known = known(former, file, text, start, end, number, tokens);
                if (known.isPresent()) {
                    number += known.get().lines() - 1;
                    start += known.get().length() + 1;
                    continue;
                }
                blocks.start(former, text, start, number, problems.reports(), expander.lines(), expander.work());
            }
            Optional<TextBlocks.ServerUse> same = blocks.sameServer(start);
            if (same.isPresent() && isUsed(same.get(), file, text, start, end, number, tokens)) {
                TextParts parts = same.get().former().parts();
                int part = same.get().part();
                number += parts.lines(part) - 1;
                start += parts.end(part) - parts.start(part) + 1;
                continue;
            }
            blocks.lineStarts(text, start, number, expander.lines(), expander.work());
            String raw = text.substring(start, end);
            if (isDependent(raw)) {
                blocks.dependent();
            }
            start = end + 1;
            String content = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
            if (content.length() > KeepalivedLexer.MAX_LINE) {
                problems.error(
                        new Origin(file.toString(), number, 1, content.substring(0, SHOWN)),
                        "line longer than " + KeepalivedLexer.MAX_LINE + " characters, skipped");
                drop(SourceText.of(file.toString(), number, content.substring(0, SHOWN)), tokens);
            } else if (content.indexOf('\0') >= 0) {
                problems.error(
                        new Origin(file.toString(), number, content.indexOf('\0') + 1, content.replace('\0', '?')),
                        "line with a NUL character, skipped");
                drop(SourceText.of(file.toString(), number, content.replace('\0', '?')), tokens);
            } else {
                SourceText physical = SourceText.of(file.toString(), number, content);
                expander.expand(physical, file, new Expander.Sink() {
                    @Override
                    public void line(SourceText each) {
                        take(each, file, depth, tokens);
                    }

                    @Override
                    public void dropped(SourceText each) {
                        add(lexer.dropped(each), tokens);
                    }
                });
            }
            blocks.lineRead(file.toString(), text, end, number, problems.reports(), expander.lines(), expander.work());
        }
        expander.endOfFile();
        return tokens;
    }

    /** Whether the meaning of a line depends on lines above, or changes that of lines below. */
    private static boolean isDependent(String line) {
        String text = line.strip();
        return text.indexOf('$') >= 0 || text.startsWith("@") || text.startsWith("~");
    }

    /** Adds the tokens of a block of the former load that starts at a line; empty if the block must be read. */
    private Optional<TextBlock> known(
            Optional<TextBlock> former, Path file, String text, int start, int end, int number, List<Token> tokens) {
        Optional<TextBlock> known =
                former.filter(block -> block.isAt(text, start) && expander.skip(block.expanded(), block.work()));
        if (known.isPresent()) {
            SourceText line = line(file, text, start, end, number);
            LoadBudget.lines(line.origin(0), known.get().expanded(), known.get().length(), problems);
            if (lexer.lex(line).getFirst() instanceof Token.Line header) {
                tokens.addAll(blocks.reuse(known.get(), text, start, number, header));
            }
        }
        return known;
    }

    /** Adds the tokens of a real server that is as it was; false if it must be read, as a limit would be exceeded. */
    private boolean isUsed(
            TextBlocks.ServerUse use, Path file, String text, int start, int end, int number, List<Token> tokens) {
        TextParts parts = use.former().parts();
        int part = use.part();
        if (!expander.skip(parts.expanded(part), parts.work(part))) {
            return false;
        }
        SourceText line = line(file, text, start, end, number);
        int length = parts.end(part) - parts.start(part);
        LoadBudget.lines(line.origin(0), parts.expanded(part), length, problems);
        if (lexer.lex(line).getFirst() instanceof Token.Line header) {
            tokens.addAll(blocks.reuse(use, start, header));
        }
        return true;
    }

    private static SourceText line(Path file, String text, int start, int end, int number) {
        return SourceText.of(file.toString(), number, text.substring(start, end))
                .withoutComment()
                .strip();
    }

    private void add(List<Token> more, List<Token> tokens) {
        more.forEach(blocks::token);
        tokens.addAll(more);
    }

    /** A physical line that is not even expanded. */
    private void drop(SourceText line, List<Token> tokens) {
        add(lexer.dropped(line.withoutComment().strip()), tokens);
    }

    /** Adds one expanded line, or the file that it includes. */
    private void take(SourceText line, Path file, int depth, List<Token> tokens) {
        if (line.length() > 0 && !LoadBudget.line(line.origin(0), line.length(), problems)) {
            return;
        }
        for (Token token : lexer.lex(line)) {
            if (token instanceof Token.Line(List<Word> words) && isInclude(words.getFirst())) {
                blocks.dependent();
                tokens.addAll(include(file, words, depth));
                continue;
            }
            add(List.of(token), tokens);
            if (token instanceof Token.Line(List<Word> words)) {
                obey(words);
            }
        }
    }

    /** Keywords that take effect while the file is read. */
    private void obey(List<Word> words) {
        List<Word> values = words.subList(1, words.size());
        switch (words.getFirst().text()) {
            case "random_seed" -> {
                blocks.dependent();
                if (values.size() == 1 && values.getFirst().text().matches("\\d{1,18}")) {
                    expander.parameters().seed(Long.parseLong(values.getFirst().text()));
                }
            }
            case "include_check" -> {
                blocks.dependent();
                demanded = demanded.with(values);
            }
            default -> {}
        }
    }

    private List<Token> include(Path file, List<Word> words, int depth) {
        Word directive = words.getFirst();
        if (words.size() < 2) {
            problems.error(directive.origin(), "'" + directive.text() + "' requires a file name or a pattern");
            return dropped(directive);
        }
        if (depth >= MAX_DEPTH) {
            problems.fatal(
                    directive.origin(),
                    "more than " + MAX_DEPTH + " files include each other",
                    "find a file that includes itself");
            return List.of();
        }
        Word pattern = pattern(words);
        Checks checks = Checks.of(directive.text()).or(demanded);
        Path parent = file.toAbsolutePath().getParent();
        List<Token> tokens = new ArrayList<>();
        int matched = 0;
        List<String> alternatives = IncludeGlob.alternatives(pattern.text());
        for (String alternative : alternatives) {
            List<Path> matches = IncludeGlob.input(parent == null ? Path.of("/") : parent, alternative);
            matched += matches.size();
            boolean demanded = IncludeGlob.hasWildcard(alternative) ? checks.wildcard() : checks.match();
            if (matches.isEmpty() && (demanded || checks.braces() && alternatives.size() > 1)) {
                problems.fatal(
                        pattern.origin(),
                        "no file matches '" + alternative + "'",
                        "create the file, or use plain 'include'",
                        Kind.INCLUDE_CHECK);
            }
            if (matches.isEmpty() && !IncludeGlob.hasWildcard(alternative)) {
                tokens.addAll(dropped(directive));
            }
            for (Path match : matches) {
                tokens.addAll(includeOne(match, directive, pattern, checks, depth));
            }
        }
        if (matched == 0 && !problems.isFatal()) {
            problems.warning(
                    pattern.origin(),
                    "include matches no file: '" + pattern.text() + "'",
                    words.size() > 2
                            ? "an include has one pattern, which may contain blanks: use one line for each file"
                            : "names are relative to this file's directory; with includem it is an error");
        }
        return tokens;
    }

    private List<Token> dropped(Word directive) {
        Token token = new Token.Dropped(directive);
        blocks.token(token);
        return List.of(token);
    }

    /** The rest of the line is one pattern: blanks in it belong to names of files. */
    private static Word pattern(List<Word> words) {
        Word first = words.get(1);
        List<String> parts = words.stream().skip(1).map(Word::text).toList();
        return new Word(String.join(" ", parts), first.origin(), first.quoted());
    }

    private List<Token> includeOne(Path match, Word directive, Word pattern, Checks checks, int depth) {
        String unfit = unfit(match);
        if (!unfit.isEmpty()) {
            Inputs.noFile(match);
        } else {
            try {
                if (!LoadBudget.file(pattern.origin(), Files.size(match), problems)) {
                    return List.of();
                }
                String text = TextFiles.text(match, Inputs.content(match), problems);
                Checks before = demanded;
                List<Token> tokens = splice(match, text, depth + 1);
                demanded = before;
                return tokens;
            } catch (IOException e) {
                unfit = "cannot be read: " + IoReason.of(e);
            }
        }
        if (checks.readable()) {
            problems.fatal(
                    pattern.origin(), match + " " + unfit, "fix the file, or use plain 'include'", Kind.INCLUDE_CHECK);
        } else {
            problems.warning(pattern.origin(), match + " is skipped: it " + unfit);
        }
        return dropped(directive);
    }

    private static String unfit(Path match) {
        if (!Files.isRegularFile(match)) {
            return "is not a regular file";
        }
        try {
            boolean executable = Files.getPosixFilePermissions(match).stream()
                    .anyMatch(p -> p.name().endsWith("_EXECUTE"));
            return executable ? "has an execute bit" : "";
        } catch (IOException e) {
            return "cannot be read: " + IoReason.of(e);
        }
    }
}
