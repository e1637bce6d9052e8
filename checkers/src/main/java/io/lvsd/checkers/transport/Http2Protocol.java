package io.lvsd.checkers.transport;

import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.checkers.protocol.Http2Exchange;
import io.lvsd.conf.source.IoReason;
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
import io.netty.util.concurrent.Future;
import java.util.List;

/** One request on one stream of HTTP/2, RFC 9113: over TLS with ALPN, else with prior knowledge. */
final class Http2Protocol implements ChannelProtocol {
    private static final int MAX_HEADERS = 16 * 1024;

    private final Attempt attempt;
    private final Http2Exchange exchange;
    private String hint = "";

    Http2Protocol(Attempt attempt, Http2Exchange exchange) {
        this.attempt = attempt;
        this.exchange = exchange;
    }

    @Override
    public List<String> alpn() {
        return List.of("h2");
    }

    @Override
    public void addHandlers(ChannelPipeline pipeline) {
        Http2Settings settings =
                Http2Settings.defaultSettings().pushEnabled(false).maxHeaderListSize(MAX_HEADERS);
        pipeline.addLast(Http2FrameCodecBuilder.forClient()
                .initialSettings(settings)
                .validateHeaders(false)
                .build());
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    }

    @Override
    public void connected(Channel channel, String added) {
        hint = added;
        Future<?> _ = new Http2StreamChannelBootstrap(channel)
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
                        attempt.complete(ConnectFailure.result(opened.cause()));
                    }
                });
    }

    private void request(Http2StreamChannel stream) {
        byte[] body = exchange.body();
        Future<?> _ = stream.write(new DefaultHttp2HeadersFrame(exchange.headers(), body.length == 0));
        if (body.length > 0) {
            Future<?> _ = stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        }
        stream.flush();
    }

    @Override
    public void send(byte[] bytes) {
        throw new AssertionError("one request, one response");
    }

    @Override
    public void received(byte[] bytes) {
        // The codec takes all bytes.
    }

    @Override
    public void closed() {
        attempt.perform(Exchange.broken("connection closed without a response" + hint));
    }

    @Override
    public void reset(String detail) {
        attempt.perform(Exchange.broken(detail + hint));
    }

    @Override
    public int status() {
        return exchange.status();
    }

    @Override
    public void release() {
        exchange.release();
    }

    private final class StreamReader extends SimpleChannelInboundHandler<Http2StreamFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
            if (attempt.isResponseComplete()) {
                return;
            }
            attempt.progressed();
            switch (frame) {
                case Http2HeadersFrame headers ->
                    attempt.perform(exchange.headers(headers.headers(), headers.isEndStream()));
                case Http2DataFrame data -> {
                    ByteBuf content = data.content();
                    int credit = data.initialFlowControlledBytes();
                    attempt.perform(exchange.data(ByteBufUtil.getBytes(content), data.isEndStream()));
                    attempt.buffered(exchange.buffered());
                    if (!attempt.isResponseComplete()) {
                        Future<?> _ = context.write(new DefaultHttp2WindowUpdateFrame(credit).stream(data.stream()));
                        context.flush();
                    }
                }
                case Http2ResetFrame reset ->
                    attempt.perform(Exchange.broken("stream reset, error " + reset.errorCode()));
                default -> {
                    // Other frames have no effect.
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            attempt.perform(Exchange.broken(IoReason.of(cause) + hint));
        }
    }
}
