package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lvsd.conf.ConfigLoader.Loaded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A load is spared only if it would read the same. */
final class RepeatedSourceTest {
    private static final String SERVER = "virtual_server 10.0.0.N 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n"
            + " real_server 10.0.1.1 80 {\n }\n}\n";

    @TempDir
    private Path directory;

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private static String server(int number) {
        return SERVER.replace("N ", number + " ");
    }

    private RepeatedSource source() {
        return new RepeatedSource(ConfigLoader.Source.of(directory.resolve("main.conf")));
    }

    @Test
    void whatIsAsItWasIsTheSameObject() throws IOException {
        write("main.conf", "include part.conf\ninclude more/*.conf\n" + server(1));
        write("part.conf", server(2));
        RepeatedSource source = source();
        Loaded first = source.load();
        assertEquals(2, first.config().virtualServers().size());
        assertSame(first, source.load());
        write("part.conf", server(2));
        assertSame(first, source.load(), "rewritten with the same text");
    }

    @ParameterizedTest
    @CsvSource({"main.conf, 2", "part.conf, 2", "more/new.conf, 3"})
    void anyFileThatChangesOrAppearsIsRead(String name, int servers) throws IOException {
        Files.createDirectory(directory.resolve("more"));
        write("main.conf", "include part.conf\ninclude more/*.conf\n" + server(1));
        write("part.conf", server(2));
        RepeatedSource source = source();
        Loaded first = source.load();
        String head = name.equals("main.conf") ? "include part.conf\n" : "";
        write(name, head + server(7));
        Loaded second = source.load();
        assertNotSame(first, second);
        assertEquals(servers, second.config().virtualServers().size());
        assertSame(second, source.load());
        Files.delete(directory.resolve(name));
        assertNotSame(second, source.load());
    }

    @Test
    void anotherTextOfTheSameSizeIsRead() throws IOException {
        RepeatedSource source = source();
        write("part.conf", server(3));
        for (int round = 0; round < 4; round++) {
            write("main.conf", server(1 + round % 2) + "include part.conf\n");
            Loaded loaded = source.load();
            assertEquals(
                    "10.0.0." + (1 + round % 2) + ":80/tcp",
                    loaded.config().virtualServers().getFirst().id().toString());
            assertSame(loaded, source.load());
        }
    }

    @Test
    void otherBytesOfTheSameTextAndSizeAreRead() throws IOException {
        RepeatedSource source = source();
        String text = server(1) + "# \u00e9\n";
        Files.write(directory.resolve("main.conf"), text.getBytes(StandardCharsets.UTF_8));
        Loaded valid = source.load();
        assertEquals(List.of(), valid.problems());
        Files.write(
                directory.resolve("main.conf"), text.replaceFirst("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(1, source.load().problems().size());
        Files.write(directory.resolve("main.conf"), text.getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(), source.load().problems());
    }

    @Test
    void aFileThatMayNoLongerBeIncludedIsNotRead() throws IOException {
        write("main.conf", "include part.conf\n" + server(1));
        write("part.conf", server(2));
        RepeatedSource source = source();
        assertEquals(2, source.load().config().virtualServers().size());
        Files.setPosixFilePermissions(directory.resolve("part.conf"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(1, source.load().config().virtualServers().size());
        Files.setPosixFilePermissions(directory.resolve("part.conf"), PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(2, source.load().config().virtualServers().size());
    }

    @Test
    void aFileThatWasMissingIsReadWhenItIsThere() throws IOException {
        RepeatedSource source = source();
        assertFalse(source.load().loadable());
        write("main.conf", server(1));
        assertEquals(1, source.load().config().virtualServers().size());
    }

    @Test
    void hoconIsReadTheSameWay() throws IOException {
        write("main.conf", "include file(\"part.conf\")\nlvsd {\n stop = keep\n}\n");
        write(
                "part.conf",
                "virtual_server { web { address = \"10.0.0.1:80\", lvs_sched = rr, lvs_method = NAT,"
                        + " protocol = TCP, real_server = [{ address = \"10.0.1.1:80\" }] } }\n");
        RepeatedSource source = source();
        Loaded first = source.load();
        assertEquals(1, first.config().virtualServers().size(), first.problems()::toString);
        assertSame(first, source.load());
        write("part.conf", "virtual_server { }\n");
        assertNotSame(first, source.load());
    }

    @Test
    void whatIsByChanceIsMadeAnew() throws IOException {
        write("main.conf", server(1) + "# ${_RANDOM 1 2}\nstatic ${_RANDOM 1 2}\n");
        RepeatedSource source = source();
        assertNotSame(source.load(), source.load());
    }
}
