package io.lvsd.checkers.transport;

import io.lvsd.checkers.protocol.Exchange;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An exchange over a channel: the bytes of TLS. */
final class StreamProtocol implements ChannelProtocol {
    private final Attempt attempt;
    private final Exchange exchange;
    private @Nullable Channel channel;
    private boolean received;

    StreamProtocol(Attempt attempt, Exchange exchange) {
        this.attempt = attempt;
        this.exchange = exchange;
    }

    @Override
    public List<String> alpn() {
        return List.of();
    }

    @Override
    public void addHandlers(ChannelPipeline pipeline) {
        // The bytes are those of the exchange.
    }

    @Override
    public void connected(Channel open, String hint) {
        channel = open;
        attempt.perform(exchange.connected());
    }

    @Override
    public void send(byte[] bytes) {
        Channel open = channel;
        if (open != null && bytes.length > 0) {
            // A failed write is not a failed probe: the reason may be in bytes that the peer sent before.
            Future<?> _ = open.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        }
    }

    @Override
    public void received(byte[] bytes) {
        if (!received || !exchange.sharesTimeoutOverTls()) {
            attempt.progressed();
        }
        attempt.received();
        received = true;
        attempt.perform(exchange.received(bytes));
        attempt.buffered(exchange.buffered());
    }

    @Override
    public void closed() {
        attempt.perform(exchange.closed());
    }

    @Override
    public void reset(String detail) {
        attempt.perform(exchange.reset(detail));
    }

    @Override
    public int status() {
        return exchange.status();
    }

    @Override
    public void release() {
        exchange.release();
    }
}
