package io.lvsd.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories and files that the daemon writes as root, with links and permissions of other users. */
final class PrivateDirectoryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void aNewDirectoryIsAccessibleToItsGroupOnly() throws IOException {
        Path run = directory.resolve("a/run");
        PrivateDirectory.create(run);
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(run)));
        PrivateDirectory.create(run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-xrwx", "rwxrwxr-x"})
    void aDirectoryThatOtherUsersMayWriteToIsRefused(String permissions) throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString(permissions));
        IOException e = assertThrows(IOException.class, () -> PrivateDirectory.create(run));
        assertTrue(String.valueOf(e.getMessage()).contains("other users may write to it"), e::getMessage);
    }

    @Test
    void aStateDirectoryThatOtherUsersMayWriteToIsNotUsed() throws Exception {
        Path state = Files.createDirectory(directory.resolve("state"));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Store store = Store.open(state)) {
            store.heartbeat("boot", 1);
        }
        try (var files = Files.list(state)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void aLinkInThePlaceOfAFileIsReplacedNotFollowed() throws IOException {
        Path target = Files.writeString(directory.resolve("precious"), "content");
        Path file = Files.createSymbolicLink(directory.resolve("lvsd.pid"), target);
        Path next = Files.createSymbolicLink(directory.resolve("lvsd.pid.new"), target);
        PrivateDirectory.write(file, "17\n");
        assertEquals("content", Files.readString(target));
        assertFalse(Files.isSymbolicLink(file));
        assertEquals("17\n", Files.readString(file));
        assertFalse(Files.exists(next));
    }

    @Test
    void theFirstExistingGroupIsUsed() throws IOException {
        String own = Files.readAttributes(directory, PosixFileAttributes.class)
                .group()
                .getName();
        PrivateDirectory.create(directory.resolve("run"));
        Path run = directory.resolve("run");
        assertEquals(Optional.of(own), PrivateDirectory.giveToGroups(run, List.of("no-such-group", own)));
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(run)));
        assertEquals(Optional.empty(), PrivateDirectory.giveToGroups(run, List.of("no-such-group")));
        assertEquals(Optional.of(own), PrivateDirectory.giveToGroups(run, List.of(own, "nogroup")));
        assertEquals("rwxr-x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(run)));
    }
}
