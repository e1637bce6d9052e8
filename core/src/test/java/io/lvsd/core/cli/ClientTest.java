package io.lvsd.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientTest {
    @ParameterizedTest
    @CsvSource({
        "status, status",
        "status --json, status json",
        "explain v, explain v",
        "explain --json v 10.0.0.2:80, explain v 10.0.0.2:80 json",
        "table, table list",
        "table --rate --run-dir /x, table rate",
        "reload --force, reload force",
        "disable 10.0.0.1:80/tcp 10.0.0.2:80, disable 10.0.0.1:80/tcp 10.0.0.2:80",
        "enable --force v r, enable v r force",
        "weight v r 5, weight v r 5",
        "weight v r auto --force, weight v r auto force"
    })
    void theUsualFormIsParsed(String arguments, String request) {
        assertEquals(
                Optional.of(request),
                Client.parse(List.of(arguments.split(" "))).map(a -> ((Client.Request) a).text()));
    }

    @ParameterizedTest
    @CsvSource({
        "status --help",
        "status --timeout 0",
        "status --timeout",
        "status x",
        "status --watch",
        "status --check",
        "status --only problems",
        "explain",
        "explain v r x",
        "table --stats --rate",
        "drain v",
        "drain v r --timeout 86401",
        "weight v r",
        "weight v r -1",
        "weight v r 2147483648",
        "weight v r x",
        "version --help",
        "enable v",
        "run"
    })
    void otherFormsAreLeftToTheFullParser(String arguments) {
        assertTrue(Client.parse(List.of(arguments.split(" "))).isEmpty());
    }

    @Test
    void timeoutAndDirectoryAreParsed() {
        Client.Request request = (Client.Request) Client.parse(List.of("status", "--timeout", "7", "--run-dir", "/d"))
                .orElseThrow();
        assertEquals(7, request.timeout().toSeconds());
        assertEquals("/d/lvsd.sock", request.socket().toString());
    }

    @Test
    void drainHasItsOwnTimeout() {
        Drain expected = new Drain(Path.of("/d/lvsd.sock"), "v r", Optional.of(0L), true, false);
        assertEquals(
                Optional.of(new Client.Draining(expected)),
                Client.parse(List.of("drain", "--run-dir", "/d", "v", "r", "--timeout", "0", "--no-wait", "--force")));
    }

    @Test
    void theVersionNeedsNoDaemon() {
        assertEquals(Optional.of(new Client.Version()), Client.parse(List.of("version")));
    }

    @Test
    void onlyAnExhaustedHeapIsHeapExhaustion() {
        assertTrue(HeapExhaustion.isHeap(new RuntimeException(new OutOfMemoryError("Java heap space"))));
        assertFalse(HeapExhaustion.isHeap(new OutOfMemoryError("unable to create native thread")));
    }
}
