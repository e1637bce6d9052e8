package io.lvsd.checkers.passive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lvsd.conf.value.TrackFile;
import io.lvsd.ipvs.ffm.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class TrackedFilesTest {
    @TempDir
    private Path directory;

    private final TrackedFiles files = new TrackedFiles();
    private final List<Integer> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        files.close();
    }

    private void awaitLast(int value) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (seen.isEmpty() || seen.getLast() != value) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waiting for " + value + ", seen " + seen);
            }
            Thread.sleep(10);
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFifoAndADeviceCountAsNoFile() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, Libc.mkfifo(fifo.toString(), 0600));
        files.follow(fifo, seen::add);
        files.follow(Path.of("/dev/zero"), seen::add);
        assertEquals(List.of(0, 0), seen);
        TrackedFiles.initialise(new TrackFile("n", fifo, 1, false, OptionalInt.of(5), true));
        assertEquals(0, TrackedFiles.valueOf(fifo));
    }

    @Test
    void ofAnEndlessFileTheBeginningCounts() throws Exception {
        Path file = Files.writeString(directory.resolve("n"), "7\n" + "x".repeat(10_000_000));
        files.follow(file, seen::add);
        awaitLast(7);
    }

    @Test
    void aThousandRewritesByAShellNeverShowAnEmptyFile() throws Exception {
        Path file = Files.writeString(directory.resolve("n"), "1000\n");
        files.follow(file, seen::add);
        Process shell = new ProcessBuilder(
                        "sh", "-c", "i=1; while [ $i -le 1000 ]; do echo $i > n; i=$((i+1)); done; echo 7777 > n")
                .directory(directory.toFile())
                .start();
        assertEquals(0, shell.waitFor());
        awaitLast(7777);
        assertFalse(seen.contains(0), seen::toString);
    }

    @Test
    void aFileThatGoesIsZeroAndOneThatComesIsRead() throws Exception {
        Path file = directory.resolve("n");
        files.follow(file, seen::add);
        awaitLast(0);
        Files.writeString(file, "5");
        awaitLast(5);
        Files.delete(file);
        awaitLast(0);
        Path other = Files.writeString(directory.resolve("other"), "6");
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        awaitLast(6);
        Files.move(file, other);
        awaitLast(0);
        Files.move(other, file);
        awaitLast(6);
        Files.writeString(file, "");
        awaitLast(0);
        Files.writeString(file, "99999999999");
        Files.writeString(file, "8");
        awaitLast(8);
        assertFalse(seen.contains(99), seen::toString);
    }

    @Test
    void withoutInotifyFilesArePolled() throws Exception {
        Path file = Files.writeString(directory.resolve("n"), "3\n");
        try (TrackedFiles blind = new TrackedFiles(Optional.empty())) {
            blind.follow(file, seen::add);
            awaitLast(3);
            Files.writeString(file, "4\n");
            awaitLast(4);
            Files.delete(file);
            awaitLast(0);
        }
    }

    @Test
    void aLaterListenerHidesNoChangeFromTheOthers() throws Exception {
        Path file = Files.writeString(directory.resolve("n"), "0\n");
        files.follow(file, seen::add);
        for (int value = 1; value <= 100; value++) {
            Files.writeString(file, value + "\n");
            files.follow(file, _ -> {});
            awaitLast(value);
        }
    }

    @Test
    void aDirectoryMayComeLateGoAndComeAgain() throws Exception {
        Path inside = directory.resolve("inside");
        Path file = inside.resolve("n");
        files.follow(file, seen::add);
        awaitLast(0);
        Files.createDirectory(inside);
        Files.writeString(file, "5");
        awaitLast(5);
        Files.delete(file);
        Files.delete(inside);
        awaitLast(0);
        Files.createDirectory(inside);
        Files.writeString(file, "6");
        awaitLast(6);
        Files.move(inside, directory.resolve("aside"));
        awaitLast(0);
        Files.createDirectory(inside);
        Files.writeString(file, "7");
        awaitLast(7);
        Files.writeString(directory.resolve("aside").resolve("n"), "8");
        Files.writeString(file, "9");
        awaitLast(9);
        assertFalse(seen.contains(8), seen::toString);
    }

    @Test
    void aFileBeginsWithItsNumberIfItIsMissingOrToBeOverwritten() throws IOException {
        Path file = directory.resolve("n");
        TrackedFiles.initialise(new TrackFile("t", file, 1, false, OptionalInt.of(3), false));
        assertEquals(3, TrackedFiles.valueOf(file));
        TrackedFiles.initialise(new TrackFile("t", file, 1, false, OptionalInt.of(4), false));
        assertEquals(3, TrackedFiles.valueOf(file));
        TrackedFiles.initialise(new TrackFile("t", file, 1, false, OptionalInt.of(4), true));
        assertEquals(4, TrackedFiles.valueOf(file));
    }
}
