package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With directories in the layout of /proc and /run. */
final class KeepalivedDetectorTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @BeforeEach
    void us() throws IOException {
        process("thread-self", "java", "net:[1]");
        Files.createDirectories(root.resolve("run"));
    }

    private void process(String pid, String command, String namespace) throws IOException {
        Path ns = root.resolve("proc").resolve(pid).resolve("ns");
        Files.createDirectories(ns);
        Files.writeString(ns.resolveSibling("cmdline"), command.replace(' ', '\0') + "\0");
        Files.createSymbolicLink(ns.resolve("net"), Path.of(namespace));
    }

    private Optional<Long> found() {
        return KeepalivedDetector.find(root.resolve("proc"), root.resolve("run"));
    }

    private void pidFile(String name, String pid) throws IOException {
        Path file = root.resolve("run").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, pid + "\n");
    }

    @Test
    void aCheckerIsFoundByItsPidFile() throws IOException {
        process("40", "/usr/sbin/keepalived -f /etc/k.conf", "net:[1]");
        assertEquals(Optional.empty(), found(), "it does VRRP only");
        process("41", "/usr/sbin/keepalived -f /etc/k.conf", "net:[1]");
        pidFile("checkers.pid", "41");
        assertEquals(Optional.of(41L), found());
    }

    @Test
    void aPidFileFromTheCommandLineIsRead() throws IOException {
        process("41", "keepalived --checkers_pid=" + root.resolve("run/own.pid"), "net:[1]");
        pidFile("own.pid", "41");
        assertEquals(Optional.of(41L), found());
        pidFile("own.pid", "42");
        assertEquals(Optional.empty(), found(), "a file that a dead one left");
        pidFile("keepalived/east_checkers.pid", "41");
        assertEquals(Optional.of(41L), found());
    }

    @Test
    void aCheckerInAnotherNamespaceIsIgnored() throws IOException {
        process("41", "keepalived", "net:[2]");
        pidFile("checkers.pid", "41");
        assertEquals(Optional.empty(), found());
    }

    @Test
    void aReusedProcessIdIsIgnored() throws IOException {
        process("41", "/usr/bin/vim keepalived", "net:[1]");
        pidFile("checkers.pid", "41");
        assertEquals(Optional.empty(), found());
    }
}
