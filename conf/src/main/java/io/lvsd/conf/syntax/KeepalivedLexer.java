package io.lvsd.conf.syntax;

import io.lvsd.conf.Origin;
import io.lvsd.conf.Problems;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of keepalived.conf to words and braces: {@code #} and {@code !} start a comment outside double quotes, a
 * backslash before one of them makes it an ordinary character, a quoted word may be empty and knows no escapes, and a
 * brace outside quotes is a line of its own.
 */
final class KeepalivedLexer {
    /** Characters in a physical line; keepalived's limit is 1023. */
    static final int MAX_LINE = 65_536;

    private final String file;
    private final Problems problems;

    KeepalivedLexer(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    List<Token> lex(String text) {
        List<Token> tokens = new ArrayList<>();
        int line = 0;
        for (String raw : text.split("\n", -1)) {
            line++;
            String content = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
            if (content.length() > MAX_LINE) {
                problems.error(
                        origin(line, 0, content.substring(0, 60)),
                        "line longer than " + MAX_LINE + " characters is skipped");
            } else if (content.indexOf('\0') >= 0) {
                problems.error(
                        origin(line, content.indexOf('\0'), content.replace('\0', '?')),
                        "line with a NUL character is skipped");
            } else {
                new LineLexer(content, line, tokens).run();
            }
        }
        return tokens;
    }

    private Origin origin(int line, int index, String content) {
        return new Origin(file, line, index + 1, content);
    }

    /** Reads one physical line. */
    private final class LineLexer {
        private final String content;
        private final int line;
        private final List<Token> out;
        private final StringBuilder word = new StringBuilder();
        private List<Word> words = new ArrayList<>();
        private int wordAt = -1;
        private int at;

        LineLexer(String content, int line, List<Token> out) {
            this.content = content;
            this.line = line;
            this.out = out;
        }

        void run() {
            while (at < content.length()) {
                char c = content.charAt(at);
                switch (c) {
                    case ' ', '\t', '\f', '\u000b' -> {
                        endWord();
                        at++;
                    }
                    case '#', '!' -> {
                        endLine();
                        return;
                    }
                    case '{', '}' -> brace(c);
                    case '"' -> quoted();
                    case '\\' -> escaped();
                    default -> append(c);
                }
            }
            endLine();
        }

        private void append(char c) {
            if (wordAt < 0) {
                wordAt = at;
            }
            word.append(c);
            at++;
        }

        private void escaped() {
            boolean special = at + 1 < content.length() && "#!".indexOf(content.charAt(at + 1)) >= 0;
            if (!special) {
                append('\\');
                return;
            }
            int start = at++;
            append(content.charAt(at));
            wordAt = Math.min(wordAt, start);
        }

        private void quoted() {
            endWord();
            int end = content.indexOf('"', at + 1);
            if (end < 0) {
                problems.error(
                        origin(line, at, content),
                        "missing closing quote; the rest of the line is ignored",
                        "add a \" at the end");
                at = content.length();
                return;
            }
            words.add(new Word(content.substring(at + 1, end), origin(line, at, content), true));
            at = end + 1;
        }

        private void brace(char c) {
            if (!words.isEmpty() && SourceFiles.isInclude(words.getFirst())) {
                append(c);
                return;
            }
            endLine();
            Origin here = origin(line, at, content);
            out.add(c == '{' ? new Token.Open(here) : new Token.Close(here));
            at++;
        }

        private void endWord() {
            if (wordAt >= 0) {
                words.add(new Word(word.toString(), origin(line, wordAt, content), false));
                word.setLength(0);
                wordAt = -1;
            }
        }

        private void endLine() {
            endWord();
            if (!words.isEmpty()) {
                out.add(new Token.Line(List.copyOf(words)));
                words = new ArrayList<>();
            }
        }
    }
}
