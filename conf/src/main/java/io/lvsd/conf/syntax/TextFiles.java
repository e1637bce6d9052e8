package io.lvsd.conf.syntax;

import io.lvsd.conf.source.ConfigPaths;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Files as text, whatever their bytes are. */
public final class TextFiles {
    /** Of one file. */
    static final int MAX_BYTES = 64 << 20;

    private TextFiles() {}

    /**
     * The text of a file, or of {@link ConfigPaths#STANDARD_INPUT}, without carriage returns at line ends; a file that cannot
     * be read is fatal.
     */
    public static Optional<String> read(Path file, Problems problems) {
        problems.reading(file.toString());
        try {
            if (file.equals(ConfigPaths.STANDARD_INPUT)) {
                return Optional.of(decode(file, standardInput(System.in, maxOfStream()), problems));
            }
            if (!LoadBudget.file(Origin.ofFile(file.toString()), Files.size(file), problems)) {
                return Optional.empty();
            }
            return Optional.of(decode(file, input(file), problems));
        } catch (NoSuchFileException e) {
            problems.fatal(Origin.ofFile(file.toString()), "no such file", hint(file, ConfigPaths.KEEPALIVED_FILE));
        } catch (IOException e) {
            problems.fatal(Origin.ofFile(file.toString()), "cannot be read: " + IoReason.of(e), "");
        }
        return Optional.empty();
    }

    static String hint(Path missing, Path keepaliveds) {
        return missing.equals(ConfigPaths.DEFAULT_FILE) && Files.exists(keepaliveds)
                ? "keepalived's configuration exists: use -f " + keepaliveds + ", or include it from " + missing
                : "specify the configuration with -f";
    }

    /** A stream is in memory twice while it is read and once more as text, so only a part of the heap is for it. */
    private static int maxOfStream() {
        return (int) Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / 16);
    }

    /** A whole stream that is not too large. Blocks until its end. */
    static byte[] standardInput(InputStream in, int max) throws IOException {
        Inputs.unrepeatable();
        byte[] bytes = in.readNBytes(max + 1);
        if (bytes.length > max) {
            throw new IOException(
                    "standard input has more than " + (max >> 10) + " KiB: write it to a file and use -f");
        }
        return bytes;
    }

    /** The bytes of a file that is not too large, as an input of the load. */
    static byte[] input(Path file) throws IOException {
        try {
            byte[] bytes = bytes(file);
            Inputs.file(file, bytes);
            return bytes;
        } catch (IOException e) {
            Inputs.noFile(file);
            throw e;
        }
    }

    /** The bytes of a regular file that is not too large. Never blocks on a FIFO or a device. */
    static byte[] bytes(Path file) throws IOException {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        if (facts.isDirectory()) {
            throw new IOException("it is a directory");
        }
        if (!facts.isRegularFile()) {
            throw new IOException(
                    "it is not a regular file, so its size has no limit: expected a regular file of at most "
                            + (MAX_BYTES >> 20) + " MiB, or '-' for standard input");
        }
        try (InputStream in = Files.newInputStream(file)) {
            // A device or a pipe has no size: the heap limits it while it is read.
            int most = Files.isRegularFile(file) ? MAX_BYTES : (int) LoadBudget.largestFile(MAX_BYTES);
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IOException("it has more than " + (most >> 20) + " MiB");
            }
            return bytes;
        }
    }

    /** Text as UTF-8 if it is, else byte by byte, so that nothing is lost. */
    static String decode(Path file, byte[] bytes, Problems problems) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            text = text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            problems.warning(Origin.ofFile(file.toString()), "not valid UTF-8, its bytes are used unchanged");
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
        return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n");
    }
}
