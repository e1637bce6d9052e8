package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Loads texts from a file, for tests. */
abstract class LoadedTexts {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    Loaded load(String text) {
        try {
            return ConfigLoader.load(Files.writeString(directory.resolve("test.conf"), text, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static final String HEAD = " protocol TCP\n lvs_sched rr\n lvs_method NAT\n";

    /** A virtual server with one more line in it. */
    static String vs(String line) {
        return "virtual_server 10.0.0.1 80 {\n" + HEAD + " " + line + "\n real_server 10.0.0.11 8080 {\n }\n}\n";
    }

    /** A real server with one more line in it. */
    static String rs(String line) {
        return "virtual_server 10.0.0.1 80 {\n" + HEAD + " real_server 10.0.0.11 8080 {\n" + " " + line + "\n }\n}\n";
    }

    static List<String> texts(Loaded loaded) {
        return loaded.problems().stream()
                .map(ConfigProblem::headline)
                .map(h -> h.replaceFirst("^.*test.conf", ""))
                .toList();
    }

    VirtualServerConfig good(String text) {
        Loaded loaded = load(text);
        assertEquals(List.of(), texts(loaded));
        return loaded.config().virtualServers().getFirst();
    }
}
