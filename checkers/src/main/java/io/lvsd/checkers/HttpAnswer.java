package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Failed;
import io.lvsd.checkers.ProbeOutcome.Passed;
import io.lvsd.checkers.ProbeOutcome.Reason;
import io.lvsd.conf.model.CheckConfig.Url;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads an HTTP answer as it arrives and judges it at its end, which is where the peer closes. Keeps the header only:
 * the body, of any length, runs through the digest. Used by one thread.
 */
final class HttpAnswer {
    /** Bytes of status line and header fields. */
    private static final int MAX_HEADER = 16 * 1024;

    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Url url;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private final @Nullable MessageDigest md5;
    private int matched;
    private boolean headerDone;
    private long bodyLimit = Long.MAX_VALUE;
    private long bodySeen;

    HttpAnswer(Url url) {
        this.url = url;
        this.md5 = url.digest().isPresent() ? newMd5() : null;
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** More bytes from the peer; a failure if it is already certain. */
    Optional<Failed> feed(byte[] bytes) {
        int at = 0;
        while (!headerDone && at < bytes.length) {
            byte b = bytes[at++];
            header.write(b);
            matched = b == END[matched] ? matched + 1 : b == END[0] ? 1 : 0;
            if (matched == END.length) {
                headerDone = true;
                bodyLimit = contentLength().orElse(Long.MAX_VALUE);
            } else if (header.size() >= MAX_HEADER) {
                return Optional.of(
                        new Failed(Reason.RESPONSE_BROKEN, "no end of the header within " + MAX_HEADER + " bytes"));
            }
        }
        if (md5 != null && at < bytes.length) {
            int length = (int) Math.min(bytes.length - at, Math.max(0, bodyLimit - bodySeen));
            md5.update(bytes, at, length);
        }
        bodySeen += bytes.length - at;
        return Optional.empty();
    }

    /** The verdict, once the peer has closed. */
    ProbeOutcome finish() {
        if (!headerDone) {
            return new Failed(
                    Reason.RESPONSE_BROKEN,
                    header.size() == 0 ? "closed without an answer" : "closed within the header");
        }
        Optional<Integer> status = status();
        if (status.isEmpty()) {
            return new Failed(Reason.RESPONSE_BROKEN, "no status in the first line");
        }
        if (url.statusCodes().stream().noneMatch(range -> range.contains(status.get()))) {
            return new Failed(Reason.STATUS, "status " + status.get());
        }
        if (md5 != null) {
            String digest = HexFormat.of().formatHex(md5.digest());
            if (!digest.equals(url.digest().orElse(""))) {
                return new Failed(Reason.DIGEST, "digest " + digest);
            }
        }
        return new Passed();
    }

    /** Three digits after the first blank, and a blank behind them. */
    private Optional<Integer> status() {
        String text = header.toString(StandardCharsets.ISO_8859_1);
        String line = text.substring(0, text.indexOf("\r\n"));
        int blank = line.indexOf(' ');
        boolean good = line.startsWith("HTTP/")
                && blank > 0
                && line.substring(blank + 1).matches("[1-5]\\d\\d .*");
        return good ? Optional.of(Integer.parseInt(line.substring(blank + 1, blank + 4))) : Optional.empty();
    }

    private OptionalLong contentLength() {
        return header.toString(StandardCharsets.ISO_8859_1)
                .lines()
                .skip(1)
                .filter(l -> l.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .map(l -> l.substring(l.indexOf(':') + 1).strip())
                .filter(v -> v.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }
}
