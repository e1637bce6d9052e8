package io.lvsd.conf;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.source.ConfigProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Loads texts as the file test.conf of a directory. */
record TextLoader(Path directory) {
    Loaded load(String text) {
        write("test.conf", text);
        return ConfigLoader.load(directory.resolve("test.conf"), "this");
    }

    void write(String name, String text) {
        try {
            Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code LINE:COLUMN: error: TEXT} of each problem, without the name of the file. */
    static List<String> headlines(Loaded loaded) {
        return loaded.problems().stream()
                .map(ConfigProblem::headline)
                .map(h -> h.replaceFirst("^.*test.conf:", ""))
                .toList();
    }
}
