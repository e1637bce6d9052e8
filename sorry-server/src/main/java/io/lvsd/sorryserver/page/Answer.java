package io.lvsd.sorryserver.page;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A complete response that is rendered once and sent many times. Its field Date has a fixed length and is written over when
 * the response is sent. Immutable, thread-safe.
 */
public final class Answer {
    /** Bytes of a date (RFC 9110, section 5.6.7). */
    public static final int DATE_LENGTH = 29;

    private static final int NOT_MODIFIED = 304;
    private static final String DATE = "Date: ";
    private static final String PLACEHOLDER = "-".repeat(DATE_LENGTH);

    private final int status;
    private final byte[] open;
    private final byte[] open10;
    private final byte[] closed;
    private final int dateAt;
    private final byte[] content;
    private final int bodyAt;
    private final int bodyLength;
    private final Http2Headers headers;

    /**
     * A field of the header.
     *
     * @param name in lower case for HTTP/2, without regard to case in HTTP/1
     */
    public record Field(String name, String value) {}

    /** Renders a response with a body. */
    Answer(int status, String reason, List<Field> fields, byte[] body) {
        this(status, reason, fields, body, 0, body.length);
    }

    /**
     * Renders a response.
     *
     * @param reason reason phrase of HTTP/1, printable ASCII
     * @param fields all but Date, Connection and Content-Length; US-ASCII
     * @param content contains the body; not copied
     */
    Answer(int status, String reason, List<Field> fields, byte[] content, int bodyAt, int bodyLength) {
        this.status = status;
        this.content = content;
        this.bodyAt = bodyAt;
        this.bodyLength = bodyLength;
        String first = "HTTP/1.1 " + status + " " + reason + "\r\n" + DATE;
        this.dateAt = first.length();
        StringBuilder rest = new StringBuilder(256).append(PLACEHOLDER).append("\r\n");
        List<AsciiString> pairs = new ArrayList<>();
        for (Field field : fields) {
            rest.append(capitalised(field.name()))
                    .append(": ")
                    .append(field.value())
                    .append("\r\n");
            pairs.add(AsciiString.of(field.name()));
            pairs.add(AsciiString.of(field.value()));
        }
        if (status != NOT_MODIFIED) {
            rest.append("Content-Length: ").append(bodyLength).append("\r\n");
        }
        if (bodyLength > 0) {
            pairs.add(AsciiString.of("content-length"));
            pairs.add(AsciiString.of(Integer.toString(bodyLength)));
        }
        this.open = head(first, rest, Ending.OPEN);
        this.open10 = head(first, rest, Ending.OPEN_10);
        this.closed = head(first, rest, Ending.CLOSED);
        this.headers = ReadOnlyHttp2Headers.serverHeaders(
                true, AsciiString.of(Integer.toString(status)), pairs.toArray(AsciiString[]::new));
    }

    /** A name as in the RFCs, for people who read responses of HTTP/1. */
    private static String capitalised(String name) {
        return Arrays.stream(name.split("-"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining("-"));
    }

    private static byte[] head(String first, CharSequence rest, Ending ending) {
        return (first + rest + ending.field() + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] head(Ending ending) {
        return switch (ending) {
            case OPEN -> open;
            case OPEN_10 -> open10;
            case CLOSED -> closed;
        };
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Bytes of the body. */
    public int bodyLength() {
        return bodyLength;
    }

    /** Writes the header of HTTP/1. */
    public void writeHead(ByteBuf out, Ending ending, byte[] date) {
        byte[] head = head(ending);
        int at = out.writerIndex();
        out.writeBytes(head);
        out.setBytes(at + dateAt, date);
    }

    /** Bytes that {@link #writeHead} writes. */
    public int headLength(Ending ending) {
        return head(ending).length;
    }

    /** Writes the body. */
    public void writeBody(ByteBuf out) {
        out.writeBytes(content, bodyAt, bodyLength);
    }

    /** The body as a buffer of its own. */
    public ByteBuf body() {
        return Unpooled.wrappedBuffer(content, bodyAt, bodyLength);
    }

    /** The header of HTTP/2; read-only. */
    public Http2Headers headers() {
        return headers;
    }
}
