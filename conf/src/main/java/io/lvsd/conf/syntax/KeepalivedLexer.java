package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lines of keepalived.conf to words and braces: a backslash before {@code #} or {@code !} makes it an ordinary character, a
 * quoted word may be empty and knows no escapes, and a brace outside quotes is a line of its own.
 */
final class KeepalivedLexer {
    /** Characters in a line; keepalived's limit is 1023. */
    static final int MAX_LINE = 65_536;

    private final Problems problems;

    KeepalivedLexer(Problems problems) {
        this.problems = problems;
    }

    /** The tokens of one line without comments. */
    List<Token> lex(SourceText line) {
        List<Token> tokens = new ArrayList<>();
        new LineLexer(line, tokens).run();
        return tokens;
    }

    /** The tokens of a line that could not be understood: it has no effect, and it opens and closes blocks as written. */
    List<Token> dropped(SourceText line) {
        return new KeepalivedLexer(new Problems())
                .lex(line.withoutRepetition()).stream()
                        .map(token -> token instanceof Token.Line(List<Word> words)
                                ? new Token.Dropped(words.getFirst())
                                : token)
                        .toList();
    }

    /** Reads one line. */
    private final class LineLexer {
        private final SourceText content;
        private final List<Token> out;
        private final StringBuilder word = new StringBuilder();
        private List<Word> words = new ArrayList<>();
        private int wordAt = -1;
        private int at;

        LineLexer(SourceText content, List<Token> out) {
            this.content = content;
            this.out = out;
        }

        void run() {
            while (at < content.length()) {
                char c = content.charAt(at);
                switch (c) {
                    case ' ', '\t', '\f', '\u000b', '\r' -> {
                        endWord();
                        at++;
                        script();
                    }
                    case '{', '}' -> brace(c);
                    case '"' -> quoted();
                    case '\\' -> escaped();
                    default -> append(c);
                }
            }
            endLine();
        }

        /** Takes the rest of the line, up to a brace outside double quotes, if the keyword's words are made differently. */
        private void script() {
            if (words.size() != 1 || words.getFirst().quoted()) {
                return;
            }
            Optional<ScriptWords.Pass> pass =
                    ScriptWords.passOf(words.getFirst().text());
            if (pass.isEmpty()) {
                return;
            }
            int end = braceOrEnd();
            ScriptWords.divide(content.text().substring(at, end), pass.get())
                    .ifPresentOrElse(
                            pieces -> pieces.forEach(
                                    p -> words.add(new Word(p.text(), content.origin(at + p.at()), true))),
                            () -> problems.error(
                                    content.origin(at),
                                    "missing closing quote, the line is ignored",
                                    "add a quote at the end"));
            at = end;
        }

        private int braceOrEnd() {
            boolean quoted = false;
            for (int i = at; i < content.length(); i++) {
                char c = content.charAt(i);
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (!quoted && (c == '{' || c == '}')) {
                    return i;
                }
            }
            return content.length();
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
            int end = content.text().indexOf('"', at + 1);
            if (end < 0) {
                problems.error(
                        content.origin(at),
                        "missing closing quote, the rest of the line is ignored",
                        "add a \" at the end");
                at = content.length();
                return;
            }
            words.add(new Word(content.text().substring(at + 1, end), content.origin(at), true));
            at = end + 1;
        }

        private void brace(char c) {
            if (!words.isEmpty() && SourceFiles.isInclude(words.getFirst())) {
                append(c);
                return;
            }
            Optional<ParameterUse> parameter = ParameterUse.at(content.text(), at - 1);
            if (c == '{' && parameter.isPresent()) {
                while (at < parameter.get().end()) {
                    append(content.charAt(at));
                }
                return;
            }
            endLine();
            Origin here = content.origin(at);
            out.add(c == '{' ? new Token.Open(here) : new Token.Close(here));
            at++;
        }

        private void endWord() {
            if (wordAt >= 0) {
                words.add(new Word(word.toString(), content.origin(wordAt), false));
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
