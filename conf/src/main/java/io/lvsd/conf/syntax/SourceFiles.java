package io.lvsd.conf.syntax;

import io.lvsd.conf.Origin;
import io.lvsd.conf.Problems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a file and what it includes into one stream of tokens, as if the included text stood in its place. */
final class SourceFiles {
    private static final int MAX_DEPTH = 32;
    /** Characters of an over-long line that a message shows. */
    private static final int SHOWN = 60;

    private final Problems problems;
    private final Expander expander;
    private final KeepalivedLexer lexer;

    SourceFiles(Problems problems, Parameters parameters) {
        this.problems = problems;
        this.expander = new Expander(problems, parameters);
        this.lexer = new KeepalivedLexer(problems);
    }

    static boolean isInclude(Word word) {
        return word.text().matches("include[rmwba]?");
    }

    /** What an include directive demands: readable matches, a literal file, a wildcard's match, every alternative. */
    private record Checks(boolean readable, boolean match, boolean wildcard, boolean braces) {
        static Checks of(String directive) {
            return switch (directive) {
                case "includer" -> new Checks(true, false, false, false);
                case "includem" -> new Checks(true, true, false, false);
                case "includew" -> new Checks(true, true, true, false);
                case "includeb" -> new Checks(true, false, false, true);
                case "includea" -> new Checks(true, true, true, true);
                default -> new Checks(false, false, false, false);
            };
        }
    }

    /** The tokens of the top file; a file that cannot be read is fatal. */
    List<Token> read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return looksLikeHocon(file, bytes) ? List.of() : splice(file, bytes, 0);
        } catch (NoSuchFileException e) {
            problems.fatal(Origin.ofFile(file.toString()), "no such file", "name the configuration with -f");
        } catch (IOException e) {
            problems.fatal(Origin.ofFile(file.toString()), "cannot be read: " + e.getMessage(), "");
        }
        return List.of();
    }

    /** Reports, and refuses, what is HOCON: {@code WORD =} at the start of a line is HOCON's way; {@code $NAME=} is not. */
    private boolean looksLikeHocon(Path file, byte[] bytes) {
        List<String> lines =
                new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches("\\s*[A-Za-z_][\\w.-]*\\s+=(\\s.*)?")) {
                Origin origin = new Origin(file.toString(), i + 1, lines.get(i).indexOf('=') + 1, lines.get(i));
                problems.fatal(
                        origin,
                        "this looks like HOCON, which this version does not read",
                        "write keepalived's syntax: KEYWORD VALUE");
                return true;
            }
        }
        return false;
    }

    private List<Token> splice(Path file, byte[] bytes, int depth) {
        List<Token> tokens = new ArrayList<>();
        int number = 0;
        for (String raw : decode(file, bytes).split("\n", -1)) {
            number++;
            String content = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
            if (content.length() > KeepalivedLexer.MAX_LINE) {
                problems.error(
                        new Origin(file.toString(), number, 1, content.substring(0, SHOWN)),
                        "line longer than " + KeepalivedLexer.MAX_LINE + " characters is skipped");
            } else if (content.indexOf('\0') >= 0) {
                problems.error(
                        new Origin(file.toString(), number, content.indexOf('\0') + 1, content.replace('\0', '?')),
                        "line with a NUL character is skipped");
            } else {
                SourceText text = SourceText.of(file.toString(), number, content);
                expander.expand(text, file, line -> take(line, file, depth, tokens));
            }
        }
        expander.endOfFile();
        return tokens;
    }

    /** Adds one expanded line, or the file that it includes. */
    private void take(SourceText line, Path file, int depth, List<Token> tokens) {
        for (Token token : lexer.lex(line)) {
            if (token instanceof Token.Line(List<Word> words) && isInclude(words.getFirst())) {
                tokens.addAll(include(file, words, depth));
                continue;
            }
            tokens.add(token);
            if (token instanceof Token.Line(List<Word> words)
                    && words.getFirst().text().equals("random_seed")
                    && words.size() == 2
                    && words.get(1).text().matches("\\d{1,18}")) {
                expander.parameters().seed(Long.parseLong(words.get(1).text()));
            }
        }
    }

    /** Text as UTF-8 if it is, else byte by byte, so that nothing is lost. */
    private String decode(Path file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            problems.warning(Origin.ofFile(file.toString()), "not valid UTF-8; its bytes are taken as they are");
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private List<Token> include(Path file, List<Word> words, int depth) {
        Word directive = words.getFirst();
        if (words.size() != 2) {
            problems.error(directive.origin(), "'" + directive.text() + "' takes one file name or pattern");
            return List.of();
        }
        if (depth >= MAX_DEPTH) {
            problems.fatal(
                    directive.origin(),
                    "more than " + MAX_DEPTH + " files include each other",
                    "look for a file that includes itself");
            return List.of();
        }
        Word pattern = words.get(1);
        Checks checks = Checks.of(directive.text());
        Path parent = file.toAbsolutePath().getParent();
        List<Token> tokens = new ArrayList<>();
        int matched = 0;
        List<String> alternatives = IncludeGlob.alternatives(pattern.text());
        for (String alternative : alternatives) {
            List<Path> matches = IncludeGlob.matches(parent == null ? Path.of("/") : parent, alternative);
            matched += matches.size();
            boolean demanded = IncludeGlob.hasWildcard(alternative) ? checks.wildcard() : checks.match();
            if (matches.isEmpty() && (demanded || checks.braces() && alternatives.size() > 1)) {
                problems.fatal(
                        pattern.origin(),
                        "nothing matches '" + alternative + "'",
                        "create the file, or use plain 'include'");
            }
            for (Path match : matches) {
                tokens.addAll(includeOne(match, pattern, checks, depth));
            }
        }
        if (matched == 0 && !problems.isFatal()) {
            problems.warning(pattern.origin(), "include matches no file");
        }
        return tokens;
    }

    private List<Token> includeOne(Path match, Word pattern, Checks checks, int depth) {
        String unfit = unfit(match);
        if (unfit.isEmpty()) {
            try {
                return splice(match, Files.readAllBytes(match), depth + 1);
            } catch (IOException e) {
                unfit = "cannot be read: " + e.getMessage();
            }
        }
        if (checks.readable()) {
            problems.fatal(pattern.origin(), match + " " + unfit, "mend the file, or use plain 'include'");
        } else {
            problems.warning(pattern.origin(), match + " is skipped: it " + unfit);
        }
        return List.of();
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
            return "cannot be read: " + e.getMessage();
        }
    }
}
