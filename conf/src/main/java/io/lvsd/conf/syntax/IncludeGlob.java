package io.lvsd.conf.syntax;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/** File name patterns of {@code include}: {@code * ? [a-z]} within a path element, and {@code {a,b}} alternatives anywhere. */
public final class IncludeGlob {
    private IncludeGlob() {}

    /** The alternatives of a pattern, braces expanded, in their order. */
    public static List<String> alternatives(String pattern) {
        int open = pattern.indexOf('{');
        int close = matching(pattern, open);
        if (open < 0 || close < 0) {
            return List.of(pattern);
        }
        List<String> expanded = new ArrayList<>();
        for (String choice : choices(pattern.substring(open + 1, close))) {
            expanded.addAll(alternatives(pattern.substring(0, open) + choice + pattern.substring(close + 1)));
        }
        return expanded;
    }

    private static int matching(String pattern, int open) {
        int depth = 0;
        for (int i = Math.max(0, open); open >= 0 && i < pattern.length(); i++) {
            depth += switch (pattern.charAt(i)) {
                case '{' -> 1;
                case '}' -> -1;
                default -> 0;
            };
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> choices(String body) {
        List<String> choices = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == ',' && depth == 0) {
                choices.add(body.substring(from, i));
                from = i + 1;
            }
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        }
        choices.add(body.substring(from));
        return choices;
    }

    static boolean hasWildcard(String pattern) {
        return pattern.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /** Existing paths that match a pattern without braces, sorted by name, as an input of the load. */
    public static List<Path> input(Path directory, String pattern) {
        List<Path> matches = matches(directory, pattern);
        Inputs.glob(directory, pattern, matches);
        return matches;
    }

    /** Existing paths that match a pattern without braces, sorted by name. */
    static List<Path> matches(Path directory, String pattern) {
        List<Path> found = List.of(pattern.startsWith("/") ? Path.of("/") : directory);
        for (String element : pattern.split("/+")) {
            if (!element.isEmpty()) {
                found = found.stream()
                        .flatMap(base -> step(base, element).stream())
                        .toList();
            }
        }
        return found;
    }

    private static List<Path> step(Path base, String element) {
        if (!hasWildcard(element)) {
            Path next = base.resolve(element);
            return Files.exists(next) ? List.of(next) : List.of();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + element);
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(base)) {
            for (Path entry : stream) {
                Path name = entry.getFileName();
                boolean hidden = name.toString().startsWith(".") && !element.startsWith(".");
                if (!hidden && matcher.matches(name)) {
                    entries.add(entry);
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        entries.sort(null);
        return entries;
    }
}
