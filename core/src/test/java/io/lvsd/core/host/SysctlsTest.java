package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.core.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Original values of kernel settings are restored, also after a crash. */
final class SysctlsTest {
    private static final String SETTING = "net/ipv4/conf/eth0/accept_local";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Sysctls sysctls = new Sysctls(Path.of("/"));

    @BeforeEach
    void aKernel() throws IOException {
        Path file = directory.resolve("sys").resolve(SETTING);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, "0\n");
        sysctls = new Sysctls(directory.resolve("sys"));
    }

    private String value() throws IOException {
        return Files.readString(directory.resolve("sys").resolve(SETTING)).strip();
    }

    private void runDaemon(Map<String, String> wanted) throws Store.InUseException {
        try (Store store = Store.open(directory.resolve("state"))) {
            sysctls.apply(wanted, store);
        }
    }

    @Test
    void originalValuesAreRestoredAfterARestart() throws Exception {
        runDaemon(Map.of(SETTING, "1"));
        assertEquals("1", value());
        runDaemon(Map.of(SETTING, "1"));
        runDaemon(Map.of());
        assertEquals("0", value());
        Files.writeString(directory.resolve("sys").resolve(SETTING), "1");
        runDaemon(Map.of());
        assertEquals("1", value(), "it is put back once");
    }

    @Test
    void unchangedSettingsAreNotRestored() throws Exception {
        Files.writeString(directory.resolve("sys").resolve(SETTING), "1\n");
        runDaemon(Map.of(SETTING, "1"));
        runDaemon(Map.of());
        assertEquals("1", value());
    }

    @Test
    void aMissingInterfaceDoesNotAffectOthers() throws Exception {
        runDaemon(Map.of("net/ipv4/conf/absent/accept_local", "1", SETTING, "1"));
        assertEquals("1", value());
    }
}
