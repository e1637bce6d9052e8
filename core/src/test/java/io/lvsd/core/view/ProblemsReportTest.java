package io.lvsd.core.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON output of {@code lvsd check}. */
final class ProblemsReportTest {
    private static String json(ConfigLoader.Loaded loaded) {
        return RecordJson.pretty(ProblemsReport.of(loaded));
    }

    @Test
    void everyProblemHasPositionAndHint(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("a.conf");
        Files.writeString(file, "virtual_server 127.0.0.1 80 {\n  protocl \"T\\CP\"\n}\n");
        String json = json(ConfigLoader.load(file));
        assertTrue(json.contains("\"loadable\" : false"), json);
        assertTrue(json.contains("\"line\" : 2,\n    \"column\" : 3,\n    \"severity\" : \"error\""), json);
        assertTrue(json.contains("\"hint\" : \"did you mean 'protocol'?\""), json);
        assertTrue(json.contains("\"source\" : \"  protocl \\\"T\\\\CP\\\"\""), json);
        assertEquals(json, json(ConfigLoader.load(file)));
    }
}
