package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.Optional;
import java.util.function.Consumer;

/** Carries an exchange over TLS. */
public final class TlsAttempt extends ChannelAttempt {
    private final Exchange exchange;
    private boolean heard;

    public TlsAttempt(
            ProbeLoop loop,
            ProbeAddress where,
            Tls tls,
            ProbeResources shared,
            Exchange exchange,
            Consumer<ProbeReport> done) {
        super(loop, where, Optional.of(tls), shared, done);
        this.exchange = exchange;
    }

    @Override
    void initialise(ChannelPipeline pipeline) {}

    @Override
    void ready(Channel open) {
        send(open, exchange.opening());
    }

    private static void send(Channel open, byte[] bytes) {
        if (bytes.length > 0) {
            open.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        }
    }

    @Override
    void received(Channel open, byte[] bytes) {
        if (!heard || !exchange.sharesTimeoutOverTls()) {
            progressed();
        }
        heard = true;
        take(open, exchange.received(bytes));
        takePlace(exchange.buffered());
    }

    private void take(Channel open, Exchange.Action move) {
        switch (move) {
            case Exchange.Action.Send(byte[] next) -> send(open, next);
            case Exchange.Action.Finish(var outcome, byte[] farewell) -> {
                send(open, farewell);
                tell(outcome);
            }
            case Exchange.Action.Read() -> {}
            case Exchange.Action.EvaluateAsync(var judgement) -> judgeElsewhere(judgement);
        }
    }

    @Override
    void closed(Channel was) {
        take(was, exchange.closed());
    }

    @Override
    void reset(Channel was, String detail) {
        take(was, exchange.reset(detail));
    }

    @Override
    void releaseExchange() {
        exchange.release();
    }
}
