package io.lvsd.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A daemon that is measured.
 *
 * @param name in the results
 */
record Subject(String name, Starter starter) {
    static final Subject KEEPALIVED = new Subject("keepalived", Contender::keepalived);

    /** Starts a program whose configuration is in a directory. */
    @FunctionalInterface
    interface Starter {
        /** @param before a command that starts it */
        Contender start(Path directory, String... before) throws IOException;
    }

    /** The builds of lvsd. */
    static List<Subject> builds() {
        return Build.all().stream()
                .map(build ->
                        new Subject(build.name(), (directory, before) -> Contender.lvsd(build, directory, before)))
                .toList();
    }

    /** Keepalived and the builds of lvsd, in the order of their turns. */
    static List<Subject> daemons() {
        return Stream.concat(Stream.of(KEEPALIVED), builds().stream()).toList();
    }

    Contender start(Path directory, String... before) throws IOException {
        return starter.start(directory, before);
    }

    /** A new directory with a configuration in keepalived's syntax for each of them. */
    static Path directory(String config) throws IOException {
        Path directory = Files.createTempDirectory("bench-");
        Files.writeString(directory.resolve("keepalived.conf"), config);
        Files.writeString(directory.resolve("lvsd.conf"), config);
        return directory;
    }
}
