package io.lvsd.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigPaths;
import io.lvsd.conf.value.Driver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunMainTest {
    private static Optional<DaemonStart> parse(String arguments) {
        return RunMain.parse(List.of(arguments.split(" ")));
    }

    @Test
    void theUsualFormIsParsed() {
        assertEquals(
                Optional.of(new DaemonStart(
                        new ConfigLoader.Source(Path.of("/x"), "id", Optional.empty()),
                        Optional.of(Driver.KERNEL),
                        false,
                        true,
                        true,
                        Optional.of(Path.of("/run/x")),
                        Optional.of(Path.of("/var/x")))),
                parse("run -f /x --driver Kernel --strict -i id --run-dir /run/x --force --state-dir /var/x"));
    }

    @Test
    void defaultsAreThoseOfTheFullParser() {
        assertEquals(
                Optional.of(new DaemonStart(
                        new ConfigLoader.Source(ConfigPaths.DEFAULT_FILE, ConfigLoader.nodeName(), Optional.empty()),
                        Optional.empty(),
                        false,
                        false,
                        false,
                        Optional.empty(),
                        Optional.empty())),
                parse("run"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check",
                "run --help",
                "run -f",
                "run -f /x -f /y",
                "run --strict --strict",
                "run -f -",
                "run -f /dev/stdin",
                "run -f=/x",
                "run @file",
                "run -f @file",
                "run --driver none",
                "run --driver",
                "run --shadow",
                "run --format hocon",
                "run /x"
            })
    void otherFormsAreLeftToTheFullParser(String arguments) {
        assertTrue(parse(arguments).isEmpty());
    }
}
