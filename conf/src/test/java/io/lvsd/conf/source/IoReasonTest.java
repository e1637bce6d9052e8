package io.lvsd.conf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A failure is reported by its reason, never by the name of a class. */
final class IoReasonTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new AccessDeniedException("/x"), "permission denied"),
                Arguments.of(new FileSystemException("/x", null, "Not a directory"), "not a directory"),
                Arguments.of(new FileSystemException("/x"), "the operation failed"),
                Arguments.of(new ClosedChannelException(), "the connection is closed"),
                Arguments.of(new EOFException(), "unexpected end of the data"),
                Arguments.of(new UnknownHostException("mail.example"), "unknown host 'mail.example'"),
                Arguments.of(new TimeoutException(), "timeout"),
                Arguments.of(new ConnectException("Connection refused"), "connection refused"),
                Arguments.of(new IOException(), "input/output error"),
                Arguments.of(
                        new IOException("bind(..) failed with error(-98): Address already in use"),
                        "address already in use"),
                Arguments.of(new IOException("NUL in name"), "NUL in name"),
                Arguments.of(new UncheckedIOException(new AccessDeniedException("/x")), "permission denied"),
                Arguments.of(new CompletionException(new ConnectException("Connection refused")), "connection refused"),
                Arguments.of(new IllegalStateException(), "unexpected failure"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theReasonIsInWords(Throwable failure, String reason) {
        assertEquals(reason, IoReason.of(failure));
    }

    @ParameterizedTest
    @CsvSource({"/proc/nope, /proc/nope: no such file or directory", "/proc/version/x, /proc/version/x: not a directory"
    })
    void whatTheFileSystemRefusesIsNamedWithItsFile(Path directory, String message) {
        IOException failure = assertThrows(IOException.class, () -> Files.createDirectory(directory));
        assertEquals(message, IoReason.withFile(failure));
    }
}
