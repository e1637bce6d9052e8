package io.lvsd.conf.source;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The reason of a failure in words. The message of a {@link FileSystemException} is often only the file's name, with the
 * reason in the class, and other exceptions have no message at all: messages and logs use this instead.
 */
public final class IoReason {
    /** What Netty puts before the reason of a system call that failed. */
    private static final Pattern NATIVE =
            Pattern.compile("\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: (.+)", Pattern.DOTALL);

    private IoReason() {}

    /** Why, without the file: {@code no such file or directory}. Never empty, never the name of a class. */
    public static String of(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "file exists";
            case NotDirectoryException _ -> "not a directory";
            case DirectoryNotEmptyException _ -> "the directory is not empty";
            case FileSystemLoopException _ -> "too many levels of symbolic links";
            case FileSystemException file -> decapitalized(file.getReason(), "the operation failed");
            case ClosedByInterruptException _ -> "interrupted";
            case ClosedChannelException _ -> "the connection is closed";
            case EOFException _ -> decapitalized(failure.getMessage(), "unexpected end of the data");
            case UnknownHostException _ -> "unknown host" + suffix(failure.getMessage());
            case TimeoutException _ -> decapitalized(failure.getMessage(), "timeout");
            default -> ofMessage(failure);
        };
    }

    /** With the file that it is about, if there is one: {@code /run/x: no such file or directory}. */
    public static String withFile(Throwable failure) {
        String file = failure instanceof FileSystemException f && f.getFile() != null ? f.getFile() + ": " : "";
        return file + of(failure);
    }

    private static String ofMessage(Throwable failure) {
        String message = failure.getMessage();
        Throwable cause = failure.getCause();
        if (cause != null && (message == null || message.equals(cause.toString()))) {
            return of(cause);
        }
        Matcher call = NATIVE.matcher(message == null ? "" : message);
        String reason = call.matches() ? call.group(1) : message;
        return decapitalized(reason, failure instanceof IOException ? "input/output error" : "unexpected failure");
    }

    private static String suffix(@Nullable String name) {
        return name == null || name.isBlank() ? "" : " '" + name + "'";
    }

    /** The first letter in lower case, unless the word is an abbreviation or a name. */
    private static String decapitalized(@Nullable String text, String otherwise) {
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        boolean word =
                text.length() > 1 && Character.isUpperCase(text.charAt(0)) && Character.isLowerCase(text.charAt(1));
        return word ? Character.toLowerCase(text.charAt(0)) + text.substring(1) : text;
    }
}
