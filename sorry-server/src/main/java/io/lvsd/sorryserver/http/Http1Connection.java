package io.lvsd.sorryserver.http;

import io.lvsd.sorryserver.http.Counters.Count;
import io.lvsd.sorryserver.page.Accept;
import io.lvsd.sorryserver.page.Answer;
import io.lvsd.sorryserver.page.Ending;
import io.lvsd.sorryserver.page.SorryPage;
import io.lvsd.sorryserver.page.SorryPage.Conditions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a client. Its first bytes decide whether it is TLS, HTTP/2 or HTTP/1; requests of HTTP/1 are answered here,
 * also several that arrive at once. A request in one piece, and its response, allocate no objects. Owned by its event loop.
 */
public final class Http1Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);
    private static final byte[] NOTHING = {};
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final int TLS_HANDSHAKE = 0x16;
    /** Responses that are collected before they are sent; also the part of a long body that is sent at once. */
    private static final int BATCH = 64 * 1024;
    /** A longer body is sent in parts. */
    private static final int SHORT_BODY = 16 * 1024;
    /** A request with a longer body ends its connection. */
    private static final long MAX_BODY = 1024 * 1024;
    /** Bytes in a millisecond of the slowest client that gets a long body. */
    private static final int SLOWEST = 4;
    /** How long a client that is still sending may read the response before the connection is closed. */
    private static final long LINGER_MILLIS = 2_000;

    private final LoopState loop;
    private final Site site;
    private final Counters counters;

    private @Nullable Slot slot;
    private State state = State.FIRST;

    /** An incomplete head, or requests that wait until earlier responses are sent. */
    private byte[] pending = NOTHING;

    /** Bytes of {@code pending} in which the end of the head was searched. */
    private int searched;

    private long bodyRemaining;
    private @Nullable ChunkedBody chunks;
    private @Nullable ByteBuf out;

    /** The rest of a long body. */
    private @Nullable ByteBuf sending;

    private boolean closeAfterSending;
    private boolean inputEnded;
    private boolean requestTimed;
    private boolean isSending;
    private boolean isProcessing;
    private boolean wasBlocked;
    private boolean tls;

    /** Bytes that were received after the last response. */
    private long discarded;

    private @Nullable Http2Connection http2;
    private boolean ending;

    private enum State {
        /** Nothing was received. */
        FIRST,
        /** HTTP/1. */
        HTTP_1,
        /** Another handler behind this one processes everything. */
        PASSED_ON,
        /** Everything is discarded. */
        DISCARDED
    }

    /** @param counters of the virtual server on this event loop */
    public Http1Connection(LoopState loop, Site site, Counters counters) {
        this.loop = loop;
        this.site = site;
        this.counters = counters;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        counters.add(Count.CONNECTIONS);
        Slot opened = loop.connections.open(context.channel(), counters);
        opened.idleUntil(loop.timeouts.idle());
        slot = opened;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        counters.add(Count.CLOSED);
        if (slot != null) {
            slot.closed();
        }
        if (state != State.PASSED_ON) {
            state = State.DISCARDED;
        }
        release();
        context.fireChannelInactive();
    }

    private void release() {
        pending = NOTHING;
        ReferenceCountUtil.release(out);
        out = null;
        ReferenceCountUtil.release(sending);
        sending = null;
    }

    // ---- input

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (slot != null) {
            slot.touch();
        }
        if (state == State.PASSED_ON) {
            if (!ending) {
                idle();
            }
            context.fireChannelRead(message);
            return;
        }
        ByteBuf data = (ByteBuf) message;
        if (state == State.DISCARDED) {
            discard(context, data);
            return;
        }
        try {
            if (state == State.FIRST
                    && data.isReadable()
                    && data.getUnsignedByte(data.readerIndex()) == TLS_HANDSHAKE) {
                startTls(context, data);
                return;
            }
            while (data.isReadable() && state != State.DISCARDED && state != State.PASSED_ON) {
                int before = pending.length;
                int count = Math.min(data.readableBytes(), LoopState.SCRATCH - before);
                if (count <= 0) {
                    fail(context);
                    break;
                }
                System.arraycopy(pending, 0, loop.scratch, 0, before);
                data.readBytes(loop.scratch, before, count);
                process(context, before + count);
            }
            if (state == State.PASSED_ON && data.isReadable()) {
                context.fireChannelRead(data.retain());
            }
        } finally {
            data.release();
        }
        advance(context);
    }

    /** Sends responses and processes the requests that waited for that, as far as the client reads. */
    private void advance(ChannelHandlerContext context) {
        send(context);
        while (hasWaiting() && !isWaiting(context)) {
            int count = pending.length;
            System.arraycopy(pending, 0, loop.scratch, 0, count);
            process(context, count);
            send(context);
        }
        // The client sends nothing more, and every complete request is answered.
        if (inputEnded && !isWaiting(context)) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Whether there may be complete requests that are not answered; an incomplete one was searched for its end. */
    private boolean hasWaiting() {
        return state == State.HTTP_1 && !closeAfterSending && pending.length > 0 && searched == 0;
    }

    /** Whether the client has to read before more can be sent. */
    private boolean isWaiting(ChannelHandlerContext context) {
        return state == State.HTTP_1 && (sending != null || !context.channel().isWritable());
    }

    /** Processes the bytes at the start of the scratch array. */
    private void process(ChannelHandlerContext context, int to) {
        isProcessing = true;
        processAll(context, to);
        isProcessing = false;
    }

    /** Keeps what is incomplete, or what has to wait. */
    private void processAll(ChannelHandlerContext context, int to) {
        byte[] bytes = loop.scratch;
        int at = 0;
        if (state == State.FIRST) {
            if (isPreface(bytes, to)) {
                if (to < PREFACE.length) {
                    keep(bytes, 0, to);
                    awaitHead();
                    return;
                }
                keep(bytes, 0, 0);
                startHttp2(context, Unpooled.copiedBuffer(bytes, 0, to));
                return;
            }
            state = State.HTTP_1;
        }
        int search = searched;
        while (at < to && state == State.HTTP_1) {
            if (isBlocked(context) || state != State.HTTP_1) {
                // Sending the rest of a response may have ended the connection.
                break;
            }
            if (bodyRemaining > 0 || chunks != null) {
                at = skipBody(context, bytes, at, to);
                search = 0;
                continue;
            }
            if (bytes[at] == '\r' || bytes[at] == '\n') {
                at++;
                continue;
            }
            switch (loop.head.read(bytes, at, to, Math.max(at, search))) {
                case COMPLETE -> {
                    requestTimed = false;
                    answer(context, bytes);
                    at = loop.head.end();
                }
                case INCOMPLETE -> {
                    keep(bytes, at, to);
                    searched = pending.length;
                    awaitHead();
                    return;
                }
                case INVALID -> {
                    fail(context);
                    return;
                }
            }
            search = 0;
        }
        if (state == State.PASSED_ON && at < to) {
            context.fireChannelRead(Unpooled.copiedBuffer(bytes, at, to - at));
        }
        keep(bytes, at, state == State.HTTP_1 ? to : at);
        searched = 0;
        if (pending.length == 0 && sending == null && state == State.HTTP_1 && bodyRemaining == 0 && chunks == null) {
            idle();
        }
    }

    private void idle() {
        if (slot != null) {
            slot.idleUntil(loop.timeouts.idle());
        }
    }

    /** The time of a head begins with its first byte. */
    private void awaitHead() {
        if (!requestTimed && slot != null) {
            requestTimed = true;
            slot.closeAfter(loop.timeouts.request());
        }
    }

    private static boolean isPreface(byte[] bytes, int length) {
        int count = Math.min(length, PREFACE.length);
        return Arrays.equals(bytes, 0, count, PREFACE, 0, count);
    }

    private void keep(byte[] bytes, int from, int to) {
        if (from == to) {
            pending = NOTHING;
        } else {
            pending = Arrays.copyOfRange(bytes, from, to);
        }
        if (slot != null) {
            slot.holds(pending.length);
        }
    }

    private int skipBody(ChannelHandlerContext context, byte[] bytes, int from, int to) {
        if (chunks == null) {
            int count = (int) Math.min(bodyRemaining, to - from);
            bodyRemaining -= count;
            return from + count;
        }
        int end = chunks.skip(bytes, from, to);
        bodyRemaining += end - from;
        if (chunks.isInvalid() || bodyRemaining > MAX_BODY) {
            // The response was sent already.
            end(context);
        } else if (chunks.isComplete()) {
            chunks = null;
            bodyRemaining = 0;
        }
        return end;
    }

    // ---- responses

    /** Answers the request in the head of this event loop. */
    private void answer(ChannelHandlerContext context, byte[] bytes) {
        RequestHead head = loop.head;
        if (head.offersHttp2() && upgrade(context, bytes)) {
            return;
        }
        SorryPage page = page(head, bytes);
        Answer answer = answer(page, head, bytes);
        boolean longBody = head.bodyLength() > MAX_BODY || head.expects() && (head.bodyLength() > 0 || head.chunked());
        boolean keep = head.keepAlive() && !longBody && site.keepsConnections();
        append(context, answer, keep ? (head.isHttp10() ? Ending.OPEN_10 : Ending.OPEN) : Ending.CLOSED, head.isHead());
        bodyRemaining = head.chunked() ? 0 : head.bodyLength();
        chunks = head.chunked() ? new ChunkedBody() : null;
        if ((bodyRemaining > 0 || chunks != null) && slot != null) {
            slot.closeAfter(loop.timeouts.response());
        }
        if (!keep) {
            end(context);
        }
    }

    private SorryPage page(RequestHead head, byte[] bytes) {
        PageSource pages = site.pages();
        if (pages.hosts().isEmpty()) {
            return pages.page();
        }
        String target = head.target.text(bytes);
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return pages.forHost(head.host.text(bytes));
        }
        // The host in a URL is valid before the field Host (RFC 9112, section 3.2.2).
        String rest = target.substring(scheme + 3);
        return pages.forHost(rest.split("[/?#]", 2)[0]);
    }

    private Answer answer(SorryPage page, RequestHead head, byte[] bytes) {
        if (head.isGrpc()) {
            counters.add(Count.PAGES);
            return page.grpcAnswer();
        }
        if (page.hasAssets() && head.isGetOrHead()) {
            Optional<Answer> asset = page.asset(RequestPath.path(head.target.text(bytes)), conditions(head, bytes));
            if (asset.isPresent()) {
                counters.add(Count.ASSETS);
                return asset.get();
            }
        }
        counters.add(Count.PAGES);
        return page.answer(Accept.format(bytes, head.accept.from, head.accept.to));
    }

    private static Conditions conditions(RequestHead head, byte[] bytes) {
        if (head.ifNoneMatch.isEmpty() && head.range.isEmpty()) {
            return Conditions.NONE;
        }
        return new Conditions(
                head.ifNoneMatch.text(bytes), head.isHead() ? "" : head.range.text(bytes), head.ifRange.text(bytes));
    }

    private void append(ChannelHandlerContext context, Answer answer, Ending ending, boolean headOnly) {
        int body = headOnly ? 0 : answer.bodyLength();
        int length = answer.headLength(ending) + (body > SHORT_BODY ? 0 : body);
        ByteBuf buffer = out;
        if (buffer == null) {
            buffer = context.alloc().directBuffer(Math.max(length, 2 * 1024));
            out = buffer;
        }
        answer.writeHead(buffer, ending, loop.date());
        if (body > SHORT_BODY) {
            sending = answer.body();
        } else if (body > 0) {
            answer.writeBody(buffer);
        }
        if (buffer.readableBytes() > BATCH) {
            send(context);
        }
    }

    /** Whether earlier responses have to be sent before the next request is processed. */
    private boolean isBlocked(ChannelHandlerContext context) {
        if (sending != null) {
            send(context);
        }
        return isWaiting(context);
    }

    /** Sends what was collected, then the rest of a long body as far as the client reads it. */
    private void send(ChannelHandlerContext context) {
        if (isSending) {
            // A write has changed the writability.
            return;
        }
        isSending = true;
        ByteBuf collected = out;
        if (collected != null) {
            out = null;
            write(context, collected);
            if (sending == null) {
                context.flush();
            }
        }
        while (sending != null && context.channel().isWritable()) {
            sendPart(context, sending);
        }
        isSending = false;
        if (state == State.DISCARDED) {
            return;
        }
        boolean blocked = isWaiting(context);
        if (blocked && !wasBlocked && slot != null) {
            // A slow client has this time for all that is to be sent, and more for a long body.
            slot.closeAfter(loop.timeouts.response() + (sending == null ? 0 : sending.readableBytes() / SLOWEST));
        }
        if (wasBlocked && !blocked && bodyRemaining == 0 && chunks == null) {
            idle();
        }
        wasBlocked = blocked;
        if (!inputEnded && context.channel().config().isAutoRead() == blocked) {
            // After the end of the input, Netty closes a channel that is to read again.
            context.channel().config().setAutoRead(!blocked);
        }
        if (closeAfterSending && sending == null) {
            finish(context);
        }
    }

    /** Writing may fail and close the channel, which releases the body. */
    private void sendPart(ChannelHandlerContext context, ByteBuf body) {
        int count = Math.min(BATCH, body.readableBytes());
        ByteBuf part = body.readRetainedSlice(count);
        if (!body.isReadable()) {
            sending = null;
            body.release();
        }
        write(context, part);
        context.flush();
    }

    /** Without TLS, a write needs no promise: a failure closes the connection. */
    private void write(ChannelHandlerContext context, ByteBuf data) {
        Future<?> _ = context.write(data, tls ? context.newPromise() : context.voidPromise());
    }

    /** A change while something is sent or processed is noticed there. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (state == State.HTTP_1 && context.channel().isWritable() && !isSending && !isProcessing) {
            if (slot != null) {
                slot.touch();
            }
            advance(context);
        }
        context.fireChannelWritabilityChanged();
    }

    // ---- the end of a connection

    /** A request that is not valid HTTP. */
    private void fail(ChannelHandlerContext context) {
        counters.add(Count.FAILED);
        append(context, SorryPage.BAD_REQUEST, Ending.CLOSED, false);
        bodyRemaining = 1;
        end(context);
    }

    /** No other request is processed; the connection is closed when the responses are sent. */
    private void end(ChannelHandlerContext context) {
        closeAfterSending = true;
        if (sending == null) {
            send(context);
        }
    }

    /**
     * A connection is closed at once if the client has nothing more to send. Otherwise closing would reset it, and the client
     * could lose the response.
     */
    private void finish(ChannelHandlerContext context) {
        if (state == State.DISCARDED) {
            return;
        }
        state = State.DISCARDED;
        boolean moreInput = bodyRemaining > 0 || chunks != null || pending.length > 0;
        pending = NOTHING;
        if (!moreInput || inputEnded) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        if (slot != null) {
            slot.idleUntil(LINGER_MILLIS);
        }
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput(context));
        context.channel().config().setAutoRead(true);
    }

    private static void endOutput(ChannelHandlerContext context) {
        SslHandler handler = context.pipeline().get(SslHandler.class);
        if (handler != null) {
            Future<?> _ = handler.closeOutbound();
        } else if (context.channel() instanceof DuplexChannel duplex) {
            Future<?> _ = duplex.shutdownOutput();
        }
    }

    private void discard(ChannelHandlerContext context, ByteBuf data) {
        discarded += data.readableBytes();
        data.release();
        if (discarded > MAX_BODY) {
            Future<?> _ = context.close();
        }
    }

    /** The client of HTTP/2 closes the connection. */
    private void linger() {
        ending = true;
        if (slot != null) {
            slot.idleUntil(LINGER_MILLIS);
        }
    }

    /** Closes a connection of a site if it waits for a request; others are closed after their response. */
    public static void closeIfIdle(Channel channel, Site site) {
        ChannelHandlerContext context = channel.pipeline().context(Http1Connection.class);
        if (context != null) {
            ((Http1Connection) context.handler()).closeIfIdle(context, site);
        }
    }

    private void closeIfIdle(ChannelHandlerContext context, Site other) {
        boolean idle = pending.length == 0 && sending == null && bodyRemaining == 0 && chunks == null;
        if (!site.equals(other)) {
            return;
        }
        if (http2 != null) {
            http2.end(context.pipeline().context(http2.handler()));
        } else if (state == State.HTTP_1 && idle) {
            Future<?> _ = context.channel().close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (!isSending && !isProcessing) {
                advance(context);
            }
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            handshaken(context, handshake);
        } else if (event instanceof SniCompletionEvent name && !name.isSuccess()) {
            counters.add(Count.FAILED);
        }
        context.fireUserEventTriggered(event);
    }

    /** Errors of the connection and of its protocols are expected; others are faults of this program. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        boolean expected = cause instanceof IOException || cause instanceof DecoderException;
        if (!expected) {
            LOG.atError()
                    .addKeyValue("client", context.channel().remoteAddress())
                    .addKeyValue("reason", cause.toString())
                    .addKeyValue("effect", "the connection is closed")
                    .setCause(cause)
                    .log("sorry_server.error");
        }
        Future<?> _ = context.close();
    }

    // ---- other protocols

    private void startTls(ChannelHandlerContext context, ByteBuf first) {
        var certificates = site.certificates();
        if (certificates.isEmpty()) {
            counters.add(Count.FAILED);
            Future<?> _ = context.close();
            return;
        }
        state = State.HTTP_1;
        tls = true;
        awaitHead();
        context.pipeline().addFirst(new SniHandler(certificates.get()));
        context.pipeline().fireChannelRead(first.retain());
    }

    private void handshaken(ChannelHandlerContext context, SslHandshakeCompletionEvent handshake) {
        SslHandler handler = context.pipeline().get(SslHandler.class);
        if (!handshake.isSuccess() || handler == null) {
            counters.add(Count.FAILED);
            Future<?> _ = context.close();
        } else if (ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol())) {
            startHttp2(context, Unpooled.EMPTY_BUFFER);
        } else {
            requestTimed = false;
            awaitHead();
        }
    }

    private void startHttp2(ChannelHandlerContext context, ByteBuf received) {
        state = State.PASSED_ON;
        Http2Connection connection = Http2Connection.create(site, counters, this::linger);
        http2 = connection;
        context.pipeline().addAfter(context.name(), "http2", connection.handler());
        context.fireChannelRead(received);
    }

    /** Continues with HTTP/2 (RFC 7540, section 3.2), and answers the request there, if its settings are valid. */
    private boolean upgrade(ChannelHandlerContext context, byte[] bytes) {
        RequestHead head = loop.head;
        Optional<Http2Settings> settings = UpgradeSettings.read(head.http2Settings.text(bytes));
        if (settings.isEmpty() || tls) {
            return false;
        }
        Answer answer = answer(page(head, bytes), head, bytes);
        send(context);
        write(context, Unpooled.wrappedBuffer(SWITCHING));
        state = State.PASSED_ON;
        Http2Connection connection = Http2Connection.create(site, counters, this::linger);
        http2 = connection;
        context.pipeline().addAfter(context.name(), "http2", connection.handler());
        try {
            connection.upgraded(
                    context.pipeline().context(connection.handler()), settings.get(), answer, head.isHead());
        } catch (Http2Exception _) {
            Future<?> _ = context.close();
        }
        return true;
    }
}
