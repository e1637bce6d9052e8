package io.lvsd.conf.hocon;

import java.util.ArrayList;
import java.util.List;

/**
 * The definitions and includes of a HOCON text. The library merges duplicate definitions silently, and has
 * no optional includes of files; so this reads the text first. It validates nothing else: what it cannot read is left to the
 * library's own errors.
 */
final class HoconScanner {
    /** Braces and brackets within each other. */
    static final int MAX_DEPTH = 64;

    /**
     * A key with a value.
     *
     * @param path from the root, or from the list element that contains it
     * @param list which list element that is; 0 is none
     * @param at offset of the key
     * @param length of the value's own text
     * @param references paths that the value refers to by {@code ${…}}
     * @param appends whether it adds to an earlier definition
     */
    record Definition(
            List<String> path, int list, int at, int length, List<List<String>> references, boolean appends) {}

    /**
     * An include directive.
     *
     * @param kind {@code file}, {@code url}, {@code classpath}, or empty
     */
    record Include(int begin, int end, String kind, boolean optional, String target) {}

    private final String text;
    private final List<Definition> definitions = new ArrayList<>();
    private final List<Include> includes = new ArrayList<>();
    private int at;
    private int depth;
    private int lists;
    private int tooDeepAt = -1;

    private HoconScanner(String text) {
        this.text = text;
    }

    static HoconScanner scan(String text) {
        HoconScanner scanner = new HoconScanner(text);
        scanner.skipBlank();
        if (scanner.peek() == '{') {
            scanner.at++;
        }
        scanner.body(List.of(), 0);
        return scanner;
    }

    List<Definition> definitions() {
        return definitions;
    }

    List<Include> includes() {
        return includes;
    }

    /** Where nesting got too deep, or -1. */
    int tooDeepAt() {
        return tooDeepAt;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean ended() {
        return at >= text.length() || tooDeepAt >= 0;
    }

    /** Reads keys up to a closing brace, which it consumes, or to the end. */
    private void body(List<String> path, int list) {
        while (!ended()) {
            skipBlank();
            char c = peek();
            if (c == '}' || c == ']') {
                at++;
                return;
            }
            if (ended()) {
                return;
            }
            int before = at;
            if (!include()) {
                field(path, list);
            }
            if (at == before) {
                at++;
            }
        }
    }

    private void field(List<String> path, int list) {
        int begin = at;
        List<String> full = new ArrayList<>(path);
        full.addAll(key());
        skipSpaces();
        char c = peek();
        boolean appends = c == '+' && at + 1 < text.length() && text.charAt(at + 1) == '=';
        if (appends) {
            at += 2;
        } else if (c == '=' || c == ':') {
            at++;
        } else if (c != '{') {
            return;
        }
        int slot = definitions.size();
        definitions.add(new Definition(full, list, begin, 0, List.of(), appends));
        List<List<String>> references = new ArrayList<>();
        int from = at;
        int inner = value(full, list, references);
        definitions.set(
                slot,
                new Definition(
                        full,
                        list,
                        begin,
                        Math.max(0, at - from - inner),
                        references,
                        appends || references.contains(full)));
    }

    /** A path expression: words that dots divide, quoted or not. */
    private List<String> key() {
        List<String> path = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        while (at < text.length()) {
            char c = peek();
            if ("=:{}[],+\n#".indexOf(c) >= 0 || isComment()) {
                break;
            }
            switch (c) {
                case '"' -> word.append(string());
                case '.' -> {
                    path.add(word.toString().strip());
                    word.setLength(0);
                    at++;
                }
                default -> {
                    word.append(c);
                    at++;
                }
            }
        }
        path.add(word.toString().strip());
        return path;
    }

    /** Reads a value, perhaps of several parts, up to its end; returns the characters that lie in braces and brackets. */
    private int value(List<String> path, int list, List<List<String>> references) {
        int nested = 0;
        boolean seen = false;
        while (!ended()) {
            char c = peek();
            if (c == ',' || c == '}' || c == ']' || isComment()) {
                return nested;
            }
            if (c == '\n' && seen) {
                return nested;
            }
            seen |= !Character.isWhitespace(c);
            switch (c) {
                case '{', '[' -> {
                    int from = at;
                    nested(c, path, list, references);
                    nested += at - from;
                }
                case '"' -> string();
                case '$' -> reference(references);
                default -> at++;
            }
        }
        return nested;
    }

    private void nested(char c, List<String> path, int list, List<List<String>> references) {
        if (++depth > MAX_DEPTH) {
            tooDeepAt = at;
            return;
        }
        at++;
        if (c == '{') {
            body(path, list);
        } else {
            elements(references);
        }
        depth--;
    }

    /** Elements of a list. Objects in them are worlds of their own. */
    private void elements(List<List<String>> references) {
        while (!ended()) {
            skipBlank();
            char c = peek();
            if (c == ']' || c == '}') {
                at++;
                return;
            }
            int before = at;
            value(List.of(), ++lists, references);
            if (at == before) {
                at++;
            }
        }
    }

    private void reference(List<List<String>> references) {
        at++;
        if (peek() != '{') {
            return;
        }
        at++;
        if (peek() == '?') {
            at++;
        }
        references.add(key());
        if (peek() == '}') {
            at++;
        }
    }

    /** A string in one or three quotes, unescaped but for {@code \"} and {@code \\}. */
    private String string() {
        boolean triple = text.startsWith("\"\"\"", at);
        int begin = at + (triple ? 3 : 1);
        int end = begin;
        if (triple) {
            end = text.indexOf("\"\"\"", begin);
            at = end < 0 ? text.length() : end + 3;
            return text.substring(begin, end < 0 ? text.length() : end);
        }
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\n') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        end = Math.min(end, text.length());
        at = Math.min(end + 1, text.length());
        return text.substring(begin, end).replace("\\\"", "\"").replace("\\\\", "\\");
    }

    private boolean isComment() {
        return at < text.length() && (peek() == '#' || text.startsWith("//", at));
    }

    private void skipSpaces() {
        while (at < text.length() && peek() != '\n' && Character.isWhitespace(peek())) {
            at++;
        }
    }

    /** Blanks, line ends, commas and comments. */
    private void skipBlank() {
        while (at < text.length()) {
            if (isComment()) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(peek()) || peek() == ',' || peek() == '\ufeff') {
                at++;
            } else {
                return;
            }
        }
    }

    // ---- includes

    private boolean include() {
        int begin = at;
        if (!text.startsWith("include", at)) {
            return false;
        }
        at += "include".length();
        skipSpaces();
        boolean optional = false;
        String kind = "";
        int open = 0;
        for (String word = word(); !word.isEmpty(); word = word()) {
            switch (word) {
                case "optional" -> optional = true;
                case "file", "url", "classpath" -> kind = word;
                default -> {}
            }
            open++;
        }
        if (peek() != '"') {
            at = begin;
            return false;
        }
        String target = string();
        skipSpaces();
        while (open > 0 && peek() == ')') {
            at++;
            open--;
            skipSpaces();
        }
        includes.add(new Include(begin, at, kind, optional, target));
        return true;
    }

    /** One of the words that may precede a file's name, with its parenthesis; empty if none follows. */
    private String word() {
        for (String word : List.of("required", "optional", "file", "url", "classpath")) {
            if (text.startsWith(word + "(", at)) {
                at += word.length() + 1;
                skipSpaces();
                return word;
            }
        }
        return "";
    }
}
