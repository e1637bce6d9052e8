package io.lvsd.core.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Detects a keepalived that checks real servers in this network namespace: two controllers would revert each other's
 * changes. A keepalived that only does VRRP is no conflict.
 */
public final class KeepalivedDetector {
    private final Path proc;
    private final Path run;

    private KeepalivedDetector(Path proc, Path run) {
        this.proc = proc;
        this.run = run;
    }

    /** The process id of keepalived's checker process; empty if there is none, or if it is not visible. */
    public static Optional<Long> find() {
        return new KeepalivedDetector(Path.of("/proc"), Path.of("/run")).checker();
    }

    static Optional<Long> find(Path proc, Path run) {
        return new KeepalivedDetector(proc, run).checker();
    }

    private Optional<Long> checker() {
        List<Path> pidFiles = new ArrayList<>(List.of(run.resolve("checkers.pid")));
        try (DirectoryStream<Path> more = Files.newDirectoryStream(run.resolve("keepalived"), "*checkers.pid")) {
            more.forEach(pidFiles::add);
        } catch (IOException _) {
            // The directory is optional.
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (isKeepalived(process)) {
                    pidFile(words(process)).ifPresent(pidFiles::add);
                }
            }
        } catch (IOException _) {
            return Optional.empty();
        }
        return pidFiles.stream()
                .flatMap(file -> pid(file).stream())
                .filter(pid -> isKeepalived(proc.resolve(String.valueOf(pid))))
                .filter(pid -> isInThisNamespace(proc.resolve(String.valueOf(pid))))
                .findFirst();
    }

    /** The value of {@code -c FILE} or {@code --checkers_pid=FILE}. */
    private static Optional<Path> pidFile(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-c") && i + 1 < words.size()) {
                return Optional.of(Path.of(words.get(i + 1)));
            }
            if (word.startsWith("--checkers_pid=")) {
                return Optional.of(Path.of(word.substring(word.indexOf('=') + 1)));
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> pid(Path file) {
        try {
            return Optional.of(
                            Files.readString(file, StandardCharsets.ISO_8859_1).strip())
                    .filter(t -> t.matches("\\d{1,10}"))
                    .map(Long::parseLong);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static List<String> words(Path process) {
        try {
            String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return List.of(line.split("\0"));
        } catch (IOException _) {
            return List.of();
        }
    }

    private static boolean isKeepalived(Path process) {
        List<String> words = words(process);
        if (words.isEmpty()) {
            return false;
        }
        String program = words.getFirst();
        return program.substring(program.lastIndexOf('/') + 1).equals("keepalived");
    }

    private boolean isInThisNamespace(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/net"))
                    .equals(Files.readSymbolicLink(proc.resolve("thread-self/ns/net")));
        } catch (IOException _) {
            return false;
        }
    }
}
