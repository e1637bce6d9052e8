package io.lvsd.sorryserver.http;

import io.lvsd.sorryserver.http.Counters.Count;
import io.lvsd.sorryserver.page.Accept;
import io.lvsd.sorryserver.page.Answer;
import io.lvsd.sorryserver.page.SorryPage;
import io.lvsd.sorryserver.page.SorryPage.Conditions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one connection with HTTP/2 (RFC 9113). Owned by its event loop. */
final class Http2Connection extends Http2EventAdapter {
    private static final int MAX_STREAMS = 128;
    private static final long GRACE_MILLIS = 1_000;
    /** A request with a longer body is reset after its response. */
    private static final long MAX_BODY = 1024 * 1024;

    private static final AsciiString HEAD = AsciiString.of("HEAD");
    private static final AsciiString CONNECT = AsciiString.of("CONNECT");
    private static final AsciiString GET = AsciiString.of("GET");
    private static final AsciiString GRPC = AsciiString.of("application/grpc");
    private static final AsciiString HOST = AsciiString.of("host");
    private static final AsciiString ACCEPT = AsciiString.of("accept");
    private static final AsciiString CONTENT_TYPE = AsciiString.of("content-type");
    private static final AsciiString IF_NONE_MATCH = AsciiString.of("if-none-match");
    private static final AsciiString RANGE = AsciiString.of("range");
    private static final AsciiString IF_RANGE = AsciiString.of("if-range");

    private final Site site;
    private final Counters counters;
    private final Runnable ending;
    private @Nullable Http2ConnectionHandler handler;
    private boolean ended;

    /** Bytes of the bodies of all requests since the last request. */
    private long bodyBytes;

    private Http2Connection(Site site, Counters counters, Runnable ending) {
        this.site = site;
        this.counters = counters;
        this.ending = ending;
    }

    /** @param ending called when the client has been requested to close the connection */
    static Http2Connection create(Site site, Counters counters, Runnable ending) {
        Http2Connection connection = new Http2Connection(site, counters, ending);
        connection.handler = new Http2ConnectionHandlerBuilder()
                .server(true)
                .frameListener(connection)
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(MAX_STREAMS)
                        .maxHeaderListSize(RequestHead.MAX_LENGTH))
                .gracefulShutdownTimeoutMillis(GRACE_MILLIS)
                .build();
        return connection;
    }

    /** To be added to the pipeline. */
    Http2ConnectionHandler handler() {
        return Objects.requireNonNull(handler);
    }

    /**
     * Answers the request with which a client of HTTP/1 requested HTTP/2, as stream 1.
     *
     * @param context of the handler
     * @param settings of the client
     */
    void upgraded(ChannelHandlerContext context, Http2Settings settings, Answer answer, boolean headOnly)
            throws Http2Exception {
        handler().onHttpServerUpgrade(settings);
        respond(context, 1, answer, headOnly);
        context.flush();
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean endOfStream) {
        Http2Stream known = handler().connection().stream(stream);
        if (known == null || known.isHeadersSent()) {
            // Trailer fields.
            return;
        }
        if (!isRequest(headers)) {
            counters.add(Count.FAILED);
            Future<?> _ = handler()
                    .encoder()
                    .writeRstStream(context, stream, Http2Error.PROTOCOL_ERROR.code(), context.newPromise());
            return;
        }
        bodyBytes = 0;
        respond(context, stream, answer(headers), HEAD.contentEquals(method(headers)));
        if (!site.keepsConnections()) {
            end(context);
        }
    }

    /**
     * Requests the client to use another connection (GOAWAY). The client closes this one: if the server did, what the client still
     * sends, such as an acknowledgement, would reset the connection and the client could lose its responses.
     *
     * @param context of the handler
     */
    void end(ChannelHandlerContext context) {
        if (!ended) {
            ended = true;
            int last = handler().connection().remote().lastStreamCreated();
            Future<?> _ = handler()
                    .goAway(context, last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context.newPromise());
            context.flush();
            ending.run();
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream) {
        onHeadersRead(context, stream, headers, padding, endOfStream);
    }

    /** The body is discarded. */
    @Override
    public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean endOfStream) {
        int count = data.readableBytes() + padding;
        bodyBytes += count;
        if (bodyBytes > MAX_BODY && !endOfStream) {
            Future<?> _ = handler()
                    .encoder()
                    .writeRstStream(context, stream, Http2Error.NO_ERROR.code(), context.newPromise());
        }
        return count;
    }

    /** RFC 9113, sections 8.3.1 and 8.5. */
    private static boolean isRequest(Http2Headers headers) {
        return CONNECT.contentEquals(method(headers))
                ? headers.authority() != null
                : headers.method() != null
                        && headers.scheme() != null
                        && headers.path() != null
                        && !headers.path().isEmpty();
    }

    private static CharSequence method(Http2Headers headers) {
        return Objects.requireNonNullElse(headers.method(), "");
    }

    private Answer answer(Http2Headers headers) {
        CharSequence authority = headers.authority() == null ? headers.get(HOST) : headers.authority();
        PageSource pages = site.pages();
        SorryPage page =
                authority == null || pages.hosts().isEmpty() ? pages.page() : pages.forHost(authority.toString());
        CharSequence type = headers.get(CONTENT_TYPE);
        if (type != null && AsciiString.regionMatches(type, true, 0, GRPC, 0, GRPC.length())) {
            counters.add(Count.PAGES);
            return page.grpcAnswer();
        }
        CharSequence method = method(headers);
        if (page.hasAssets() && (GET.contentEquals(method) || HEAD.contentEquals(method))) {
            Conditions conditions = new Conditions(
                    text(headers, IF_NONE_MATCH),
                    HEAD.contentEquals(method) ? "" : text(headers, RANGE),
                    text(headers, IF_RANGE));
            String path = Objects.requireNonNullElse(headers.path(), "").toString();
            Optional<Answer> asset = page.asset(RequestPath.path(path), conditions);
            if (asset.isPresent()) {
                counters.add(Count.ASSETS);
                return asset.get();
            }
        }
        counters.add(Count.PAGES);
        return page.answer(Accept.format(text(headers, ACCEPT)));
    }

    private static String text(Http2Headers headers, AsciiString name) {
        CharSequence value = headers.get(name);
        return value == null ? "" : value.toString();
    }

    private void respond(ChannelHandlerContext context, int stream, Answer answer, boolean headOnly) {
        boolean withBody = !headOnly && answer.bodyLength() > 0;
        var encoder = handler().encoder();
        Future<?> _ = encoder.writeHeaders(context, stream, answer.headers(), 0, !withBody, context.newPromise());
        if (withBody) {
            Future<?> _ = encoder.writeData(context, stream, answer.body(), 0, true, context.newPromise());
        }
    }
}
