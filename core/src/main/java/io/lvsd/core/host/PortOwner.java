package io.lvsd.core.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds the process that listens on a port, for error messages. */
public final class PortOwner {
    private PortOwner() {}

    /** A text such as {@code nginx[123]}; empty if no process listens, or if it is not visible. */
    public static String of(int port) {
        Set<String> inodes = inodes(port);
        if (inodes.isEmpty()) {
            return "";
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (hasOpen(process, inodes)) {
                    return Files.readString(process.resolve("comm"), StandardCharsets.ISO_8859_1)
                                    .strip() + "[" + process.getFileName() + "]";
                }
            }
        } catch (IOException e) {
            return "";
        }
        return "";
    }

    private static Set<String> inodes(int port) {
        Set<String> inodes = new HashSet<>();
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                for (String line : Files.readAllLines(Path.of(table), StandardCharsets.US_ASCII)) {
                    String[] words = line.strip().split("\\s+");
                    if (words.length > 9 && words[1].endsWith(suffix) && words[3].equals("0A")) {
                        inodes.add("socket:[" + words[9] + "]");
                    }
                }
            } catch (IOException _) {
                // A kernel without IPv6 has no tcp6.
            }
        }
        return inodes;
    }

    private static boolean hasOpen(Path process, Set<String> inodes) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (inodes.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException e) {
            // The process has ended, or belongs to another user.
            return false;
        }
        return false;
    }
}
