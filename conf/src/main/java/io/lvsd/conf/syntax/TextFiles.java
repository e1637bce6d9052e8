package io.lvsd.conf.syntax;

import io.lvsd.conf.Origin;
import io.lvsd.conf.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Files as text, whatever their bytes are. */
public final class TextFiles {
    /** Of one file. */
    private static final int MAX_BYTES = 64 << 20;

    private TextFiles() {}

    /** The text of a file without carriage returns at line ends; a file that cannot be read is fatal. */
    public static Optional<String> read(Path file, Problems problems) {
        try {
            return Optional.of(decode(file, input(file), problems));
        } catch (NoSuchFileException e) {
            problems.fatal(Origin.ofFile(file.toString()), "no such file", "name the configuration with -f");
        } catch (IOException e) {
            problems.fatal(Origin.ofFile(file.toString()), "cannot be read: " + e.getMessage(), "");
        }
        return Optional.empty();
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

    /** The bytes of a file that is not too large. */
    static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it has more than " + (MAX_BYTES >> 20) + " MiB");
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
            problems.warning(Origin.ofFile(file.toString()), "not valid UTF-8; its bytes are taken as they are");
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
        return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n");
    }
}
