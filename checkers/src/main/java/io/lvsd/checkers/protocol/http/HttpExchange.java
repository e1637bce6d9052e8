package io.lvsd.checkers.protocol.http;

import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Url;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A request over HTTP/1.x and its response, which ends where the peer closes. Reads the header into memory and passes the
 * body, of any length, on to the evaluation.
 */
public final class HttpExchange implements Exchange {
    /** Bytes of status line and header fields. */
    private static final int MAX_HEADER = 16 * 1024;

    private static final int SWITCHING = 101;

    private static final byte[] HEADER_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final String BARE_LF = "header lines end with LF: expected CR LF";

    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final int STATUS_DIGITS = 3;
    /** Bytes of most requests. */
    private static final int TYPICAL_REQUEST = 128;

    private final Url url;
    private final HttpVersion version;
    private final HttpEvaluation evaluation;
    private ByteArrayOutputStream header = new ByteArrayOutputStream();
    private int matched;
    private boolean headerComplete;
    private int headerLeft = MAX_HEADER;
    private long bodyLeft = Long.MAX_VALUE;
    private Optional<ChunkedBody> chunks = Optional.empty();

    /** @param port of the server */
    public HttpExchange(Url url, HttpVersion version, int port) {
        this.url = url;
        this.version = version;
        this.evaluation = new HttpEvaluation(url, port);
    }

    @Override
    public byte[] opening() {
        boolean old = version == HttpVersion.V1_0 || version == HttpVersion.V1_0_CLOSE;
        byte[] body = url.body().orElse("").getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(TYPICAL_REQUEST)
                .append(url.method())
                .append(' ')
                .append(url.path())
                .append(old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        for (String line : headers(body.length)) {
            out.append(line).append("\r\n");
        }
        byte[] head = out.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private List<String> headers(int bodyLength) {
        List<String> lines = new ArrayList<>();
        lines.add("User-Agent: KeepAliveClient");
        if (version != HttpVersion.V1_0) {
            lines.add("Connection: close");
        }
        lines.add("Host: " + url.host());
        if (url.compressed()) {
            lines.add("Accept-Encoding: gzip, deflate");
        }
        if (url.body().isPresent() || url.method().startsWith("P")) {
            lines.add("Content-Length: " + bodyLength);
        }
        // A configured header field replaces the default one of the same name.
        if (!url.headers().isEmpty()) {
            Set<String> written = url.headers().stream().map(HttpExchange::name).collect(Collectors.toSet());
            lines.removeIf(l -> written.contains(name(l)));
            lines.addAll(url.headers());
        }
        return lines;
    }

    private static String name(String line) {
        return line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
    }

    @Override
    public Action received(byte[] bytes) {
        int at = 0;
        while (!headerComplete && at < bytes.length) {
            int from = at;
            int limit = Math.min(bytes.length, from + headerLeft - header.size());
            while (at < limit && !headerComplete) {
                byte b = bytes[at++];
                matched = b == HEADER_END[matched] ? matched + 1 : b == HEADER_END[0] ? 1 : 0;
                headerComplete = matched == HEADER_END.length;
            }
            header.write(bytes, from, at - from);
            if (headerComplete) {
                Optional<Action> early = evaluateHeader();
                if (early.isPresent()) {
                    return early.get();
                }
            } else if (header.size() >= headerLeft) {
                return Exchange.broken(bareLineFeeds() ? BARE_LF : "header of more than " + MAX_HEADER + " bytes");
            }
        }
        return at < bytes.length ? body(bytes, at) : new Action.Read();
    }

    private Optional<Action> evaluateHeader() {
        List<String> lines =
                header.toString(StandardCharsets.ISO_8859_1).lines().toList();
        Optional<Integer> status = status(lines.getFirst());
        if (status.isEmpty()) {
            return Optional.of(
                    Exchange.broken("invalid status line '" + PrintableText.excerpt(lines.getFirst()) + "'"));
        }
        if (version == HttpVersion.V1_1 && status.get() < 200 && status.get() != SWITCHING) {
            return nextHeader();
        }
        evaluation.head(status.get(), name -> field(lines, name));
        header = new ByteArrayOutputStream(0);
        bodyLeft = field(lines, "content-length")
                .filter(v -> LENGTH.matcher(v).matches())
                .map(Long::parseLong)
                .orElse(Long.MAX_VALUE);
        boolean chunked = version == HttpVersion.V1_1
                && field(lines, "transfer-encoding")
                        .filter(v -> v.toLowerCase(Locale.ROOT).endsWith("chunked"))
                        .isPresent();
        if (chunked) {
            chunks = Optional.of(new ChunkedBody(evaluation::body));
            bodyLeft = Long.MAX_VALUE;
        }
        return url.method().equals("HEAD") ? Optional.of(evaluation.end()) : Optional.empty();
    }

    private boolean bareLineFeeds() {
        return header.toString(StandardCharsets.ISO_8859_1).contains("\n\n");
    }

    /** An interim response, RFC 9110, 15.2: another one follows. The size limit applies to all of them together. */
    private Optional<Action> nextHeader() {
        headerLeft -= header.size();
        header.reset();
        matched = 0;
        headerComplete = false;
        return Optional.empty();
    }

    private static Optional<String> field(List<String> lines, String name) {
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.length() > name.length()
                    && line.charAt(name.length()) == ':'
                    && line.regionMatches(true, 0, name, 0, name.length())) {
                return Optional.of(line.substring(name.length() + 1).strip());
            }
        }
        return Optional.empty();
    }

    /** Three digits after the first blank, and a blank behind them. As in keepalived, the first word is not checked. */
    private static Optional<Integer> status(String line) {
        int from = line.indexOf(' ') + 1;
        int to = from + STATUS_DIGITS;
        if (from <= 1 || line.length() <= to || line.charAt(to) != ' ') {
            return Optional.empty();
        }
        int status = 0;
        for (int i = from; i < to; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Optional.empty();
            }
            status = 10 * status + digit;
        }
        return Optional.of(status);
    }

    private Action body(byte[] bytes, int from) {
        Optional<Failed> failure;
        if (chunks.isPresent()) {
            failure = chunks.get().feed(bytes, from);
            if (failure.isEmpty() && chunks.get().isComplete()) {
                return evaluation.end();
            }
        } else {
            int length = (int) Math.min(bytes.length - from, bodyLeft);
            bodyLeft -= length;
            failure = evaluation.body(bytes, from, length);
        }
        if (failure.isEmpty() && evaluation.hasEnough()) {
            return evaluation.end();
        }
        return failure.<Action>map(Action.Finish::new).orElseGet(Action.Read::new);
    }

    @Override
    public Action closed() {
        if (!headerComplete) {
            return Exchange.broken(
                    header.size() == 0
                            ? "connection closed without a response"
                            : bareLineFeeds() ? BARE_LF : "connection closed within the header");
        }
        if (chunks.isPresent()) {
            return Exchange.broken("connection closed within the body");
        }
        return evaluation.end();
    }

    /** The end of a response, unless its length is known and bytes are missing. */
    @Override
    public Action reset(String detail) {
        boolean lengthKnown = bodyLeft != Long.MAX_VALUE;
        return headerComplete && chunks.isEmpty() && (!lengthKnown || bodyLeft == 0)
                ? closed()
                : Exchange.broken(detail);
    }

    @Override
    public boolean sharesTimeoutOverTls() {
        return true;
    }

    @Override
    public int buffered() {
        return header.size() + evaluation.buffered();
    }

    @Override
    public int status() {
        return evaluation.status();
    }

    @Override
    public void release() {
        evaluation.release();
    }

    /** The target of a redirect that may be followed: a path on the same server. */
    public Optional<String> redirect() {
        return evaluation.redirect();
    }
}
