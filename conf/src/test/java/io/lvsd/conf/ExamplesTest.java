package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files to copy from are in order, and mean what they say. */
final class ExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(EXAMPLES)) {
            return all.filter(p -> p.toString().endsWith(".conf")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyExampleIsWithoutAProblem(Path file) {
        assertEquals(List.of(), ConfigLoader.load(file).problems());
    }

    @Test
    void parametersAreExpandedForTheDirectorThatAsks() {
        Path file = EXAMPLES.resolve("parameters/keepalived.conf");
        List<VirtualServerConfig> north =
                ConfigLoader.load(file, "north").config().virtualServers();
        List<VirtualServerConfig> south =
                ConfigLoader.load(file, "south").config().virtualServers();
        assertEquals(
                List.of("192.0.2.10:80/tcp", "192.0.2.10:8001/tcp", "192.0.2.10:8002/tcp", "192.0.2.10:8003/tcp"),
                north.stream().map(vs -> vs.id().text()).toList());
        assertTrue(south.getFirst().id().text().startsWith("192.0.2.20:"));
        assertEquals(
                List.of("10.0.0.11:8080 2", "10.0.0.12:8080 2", "10.0.0.13:8080 1", "10.0.0.14:8080 1"),
                north.getFirst().realServers().stream().map(ExamplesTest::text).toList());
    }

    private static String text(RealServerConfig server) {
        return server.id() + " " + server.weight();
    }
}
