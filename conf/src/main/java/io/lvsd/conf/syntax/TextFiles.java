package io.lvsd.conf.syntax;

import io.lvsd.conf.source.ConfigPaths;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import java.io.IOException;
import java.io.InputStream;
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

    /** Stands for bytes that are not UTF-8, and may also be written. */
    private static final char REPLACEMENT = '\ufffd';

    private TextFiles() {}

    /**
     * What a file contains.
     *
     * @param text without carriage returns at line ends
     * @param utf8 whether its bytes are valid UTF-8
     * @param bytes their number
     */
    record Content(String text, boolean utf8, int bytes) {
        /** As {@code equals}, without a comparison of single characters. */
        boolean isSame(Content other) {
            return utf8 == other.utf8
                    && bytes == other.bytes
                    && text.length() == other.text.length()
                    && text.regionMatches(0, other.text, 0, text.length());
        }
    }

    /**
     * The text of a file, or of {@link ConfigPaths#STANDARD_INPUT}, without carriage returns at line ends; a file that cannot
     * be read is fatal.
     */
    public static Optional<String> read(Path file, Problems problems) {
        problems.reading(file.toString());
        try {
            if (file.equals(ConfigPaths.STANDARD_INPUT)) {
                return Optional.of(
                        text(file, content(FileBytes.of(standardInput(System.in, maxOfStream()))), problems));
            }
            if (!LoadBudget.file(Origin.ofFile(file.toString()), Files.size(file), problems)) {
                return Optional.empty();
            }
            return Optional.of(text(file, Inputs.content(file), problems));
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

    /** Reads the bytes of a regular file that is not too large. Never blocks on a FIFO or a device. */
    private static void readBytes(Path file, int limit, FileBytes bytes) throws IOException {
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
            int most = Files.isRegularFile(file) ? limit : (int) LoadBudget.largestFile(limit);
            if (!bytes.read(in, facts.size(), most)) {
                throw new IOException("it has more than " + (most >> 20) + " MiB");
            }
        }
    }

    /**
     * The content of a regular file of at most so many bytes.
     *
     * @param bytes is overwritten
     */
    static Content read(Path file, int most, FileBytes bytes) throws IOException {
        readBytes(file, most, bytes);
        return content(bytes);
    }

    /** The text of a file, which may have to be reported. */
    static String text(Path file, Content content, Problems problems) {
        if (!content.utf8()) {
            problems.warning(Origin.ofFile(file.toString()), "not valid UTF-8, its bytes are used unchanged");
        }
        return content.text();
    }

    /** As {@link #read(Path, int, FileBytes)}, of a file with probably the same or nearly the same content as before. */
    static Content read(Path file, int most, FileBytes bytes, Content former) throws IOException {
        readBytes(file, most, bytes);
        return SameText.is(bytes, former) ? former : SameText.of(bytes, former).orElseGet(() -> content(bytes));
    }

    /** Text as UTF-8 if it is, else byte by byte, so that nothing is lost. */
    static Content content(FileBytes bytes) {
        String text = bytes.text(StandardCharsets.UTF_8);
        boolean utf8 = text.indexOf(REPLACEMENT) < 0 || isUtf8(bytes);
        if (!utf8) {
            text = bytes.text(StandardCharsets.ISO_8859_1);
        } else if (text.startsWith("\ufeff")) {
            text = text.substring(1);
        }
        return new Content(text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n"), utf8, bytes.length());
    }

    private static boolean isUtf8(FileBytes bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.view());
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }
}
