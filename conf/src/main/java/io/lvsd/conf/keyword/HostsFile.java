package io.lvsd.conf.keyword;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names of {@code /etc/hosts}, for hints: no name server is queried. */
final class HostsFile {
    private static final Path FILE = Path.of("/etc/hosts");

    private HostsFile() {}

    /** The addresses of a name; none if the file has none, or cannot be read. */
    static List<String> addressesOf(String name) {
        List<String> found = new ArrayList<>();
        try {
            for (String line :
                    Files.readString(FILE, StandardCharsets.ISO_8859_1).split("\n")) {
                List<String> words =
                        Arrays.asList(line.replaceFirst("#.*", "").strip().split("\\s+"));
                if (words.size() > 1 && words.subList(1, words.size()).contains(name)) {
                    found.add(words.getFirst());
                }
            }
        } catch (IOException _) {
            return List.of();
        }
        return found.stream().distinct().toList();
    }
}
