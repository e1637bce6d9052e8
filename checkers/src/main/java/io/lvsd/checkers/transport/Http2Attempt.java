package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.checkers.protocol.Http2Exchange;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.util.Optional;
import java.util.function.Consumer;

/** One request on one stream of HTTP/2, RFC 9113: over TLS by ALPN, else with prior knowledge. */
public final class Http2Attempt extends ChannelAttempt {
    private static final int MAX_HEADERS = 16 * 1024;

    private final Http2Exchange exchange;

    public Http2Attempt(
            ProbeLoop loop,
            ProbeAddress where,
            Optional<Tls> tls,
            ProbeResources shared,
            Http2Exchange exchange,
            Consumer<ProbeReport> done) {
        super(loop, where, tls, shared, done, "h2");
        this.exchange = exchange;
    }

    @Override
    void initialise(ChannelPipeline pipeline) {
        Http2Settings settings =
                Http2Settings.defaultSettings().pushEnabled(false).maxHeaderListSize(MAX_HEADERS);
        pipeline.addLast(Http2FrameCodecBuilder.forClient()
                .initialSettings(settings)
                .validateHeaders(false)
                .build());
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    }

    @Override
    void ready(Channel open) {
        new Http2StreamChannelBootstrap(open)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline().addLast(new StreamReader());
                    }
                })
                .open()
                .addListener(opened -> {
                    if (opened.isSuccess()) {
                        request((Http2StreamChannel) opened.getNow());
                    } else {
                        tell(ConnectFailure.judge(opened.cause()));
                    }
                });
    }

    private void request(Http2StreamChannel stream) {
        byte[] body = exchange.body();
        stream.write(new DefaultHttp2HeadersFrame(exchange.headers(), body.length == 0));
        if (body.length > 0) {
            stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        }
        stream.flush();
    }

    @Override
    void received(Channel open, byte[] bytes) {
        // The codec takes all bytes.
    }

    @Override
    void closed(Channel was) {
        take(Exchange.broken("closed without an answer" + hint()));
    }

    @Override
    void reset(Channel was, String detail) {
        take(Exchange.broken(detail + hint()));
    }

    @Override
    void releaseExchange() {
        exchange.release();
    }

    private void take(Exchange.Action move) {
        switch (move) {
            case Exchange.Action.Read() -> {}
            case Exchange.Action.Send(var _) -> throw new AssertionError("one request, one answer");
            case Exchange.Action.Finish(var outcome, var _) -> tell(outcome);
            case Exchange.Action.EvaluateAsync(var judgement) -> judgeElsewhere(judgement);
        }
    }

    private final class StreamReader extends SimpleChannelInboundHandler<Http2StreamFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
            if (hasHeardAll()) {
                return;
            }
            progressed();
            switch (frame) {
                case Http2HeadersFrame headers -> take(exchange.headers(headers.headers(), headers.isEndStream()));
                case Http2DataFrame data -> {
                    ByteBuf content = data.content();
                    int credit = data.initialFlowControlledBytes();
                    take(exchange.data(ByteBufUtil.getBytes(content), data.isEndStream()));
                    takePlace(exchange.buffered());
                    if (!hasHeardAll()) {
                        context.write(new DefaultHttp2WindowUpdateFrame(credit).stream(data.stream()));
                        context.flush();
                    }
                }
                case Http2ResetFrame reset -> take(Exchange.broken("stream reset, error " + reset.errorCode()));
                default -> {
                    // Frames of no interest.
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            take(Exchange.broken(IoReason.of(cause) + hint()));
        }
    }
}
