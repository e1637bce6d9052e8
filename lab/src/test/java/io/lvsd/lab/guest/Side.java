package io.lvsd.lab.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One daemon with a world of its own, for a comparison with another: a network namespace in which every address of
 * 10.60.0.0/16, 10.61.0.0/16 and fd00:60::/64 is a web server, and a directory.
 */
final class Side implements AutoCloseable {
    private static final Set<java.nio.file.attribute.PosixFilePermission> EXECUTABLE =
            PosixFilePermissions.fromString("rwxr-xr-x");

    private final String space;
    private final Path directory;
    private final List<Background> open = new ArrayList<>();

    Side(String space) throws IOException {
        this.space = space;
        // Where only root may write: scripts elsewhere are refused.
        directory = Files.createTempDirectory(Path.of("/root"), "side-");
        Files.setPosixFilePermissions(directory, EXECUTABLE);
        write("index.html", "here\n");
        Shell.ok("ip netns add " + space);
        ip(
                List.of("link set lo up", "route add local 10.60.0.0/16 dev lo", "route add local 10.61.0.0/16 dev lo"),
                List.of("route add local fd00:60::/64 dev lo"));
        start("web", "busybox httpd -f -p 80 -h @D");
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    void write(String name, String text) throws IOException {
        Files.writeString(file(name), text);
    }

    /** At once, and whatever runs it now goes on with what it has. */
    void script(String name, String text) throws IOException {
        write("next", "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file("next"), EXECUTABLE);
        Files.move(file("next"), file(name), StandardCopyOption.REPLACE_EXISTING);
    }

    /** All that is in a file; nothing if there is none. */
    List<String> lines(String name) {
        try {
            return Files.exists(file(name))
                    ? Files.readString(file(name)).replace("\0", "").lines().toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ip(List<String> four, List<String> six) throws IOException {
        Files.write(file("batch4"), four);
        Files.write(file("batch6"), six);
        Shell.ok("ip -4 -n " + space + " -batch " + file("batch4") + " && ip -6 -n " + space + " -batch "
                + file("batch6"));
    }

    /** Starts something in the namespace; {@code @D} is the directory. */
    Background start(String name, String command) {
        Background process = new Background(
                "ip netns exec " + space + " " + command.replace("@D", directory.toString()), file(name + ".log"));
        open.add(process);
        return process;
    }

    /** Carries out the words of {@link Scenario}, by number. */
    void act(Map<Integer, List<String>> words) throws IOException {
        List<String> four = new ArrayList<>();
        List<String> six = new ArrayList<>();
        for (Map.Entry<Integer, List<String>> each : words.entrySet()) {
            for (String word : each.getValue()) {
                if (word.startsWith("file=")) {
                    write("file" + each.getKey(), word.substring(5) + "\n");
                } else if (word.startsWith("exit=")) {
                    script("script" + each.getKey(), "exit " + word.substring(5));
                } else {
                    String route = "route " + (word.startsWith("-") ? "add" : "del") + " unreachable ";
                    boolean second = word.endsWith("b");
                    four.add(route + "10." + (second ? 61 : 60) + "." + each.getKey() + "." + word.charAt(1)
                            + "/32 table local");
                    if (!second) {
                        six.add(route + "fd00:60::" + each.getKey() + ":" + word.charAt(1) + "/128 table local");
                    }
                }
            }
        }
        ip(four, six);
    }

    /** The kernel's table as ipvsadm saves it, in lower case, sorted. */
    List<String> table() {
        return Shell.ok("ip netns exec " + space + " ipvsadm -Sn")
                .lines()
                .map(l -> l.strip().toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        for (Background each : open.reversed()) {
            if (each.isAlive()) {
                each.signal("TERM");
                each.await();
            }
        }
        Shell.run("ip netns del " + space);
    }
}
