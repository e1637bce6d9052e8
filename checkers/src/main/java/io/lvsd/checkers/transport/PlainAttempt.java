package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.TcpBatch;
import io.netty.channel.epoll.EpollIoOps;
import java.util.function.Consumer;

/** Carries an exchange over a TCP connection without TLS. */
public final class PlainAttempt extends StreamAttempt {
    /** A server that sends without end gets no more of a loop's turn than others. */
    private static final int READS_A_TURN = 2;

    private final Exchange exchange;
    private final BodyBufferPermits.Place place;
    private byte[] unsent = new byte[0];
    private int sent;
    private boolean first = true;

    public PlainAttempt(
            ProbeLoop loop, ProbeAddress where, ProbeResources shared, Exchange exchange, Consumer<ProbeReport> done) {
        super(loop, where, done);
        this.exchange = exchange;
        this.place = shared.largeAnswers().place(loop.io, this::resume);
    }

    @Override
    void established() {
        connected();
        send(exchange.opening());
        if (!isOver()) {
            waitForMore();
        }
    }

    private void send(byte[] bytes) {
        boolean behind = sent < unsent.length;
        if (behind) {
            byte[] all = new byte[unsent.length - sent + bytes.length];
            System.arraycopy(unsent, sent, all, 0, unsent.length - sent);
            System.arraycopy(bytes, 0, all, unsent.length - sent, bytes.length);
            unsent = all;
        } else {
            unsent = bytes;
        }
        sent = 0;
        if (!behind) {
            writeOut();
        }
    }

    /** That the peer takes no more says nothing yet: it may have said before why. */
    private void writeOut() {
        while (sent < unsent.length) {
            int n = loop.sockets().send(number(), unsent, sent);
            if (n == -Errno.EAGAIN.number()) {
                return;
            }
            sent = n < 0 ? unsent.length : sent + n;
        }
    }

    /** The first answer may be there at the next look already. */
    private void waitForMore() {
        boolean all = sent == unsent.length;
        if (first && all && !isAwaiting()) {
            first = false;
            loop.lookSoon(this);
        } else if (place.isHeldUp()) {
            ignore();
        } else {
            await(all ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT));
        }
    }

    @Override
    void writable() {
        writeOut();
        if (sent == unsent.length) {
            waitForMore();
        }
    }

    @Override
    void readable() {
        for (int i = 0; i < READS_A_TURN && !hasHeardAll() && !place.isHeldUp(); i++) {
            TcpBatch.Received received = loop.sockets().receive(number());
            if (received.errno() == Errno.EAGAIN.number()) {
                break;
            }
            if (received.errno() != 0) {
                broken(received.errno());
            } else if (received.bytes().length == 0) {
                take(exchange.closed());
                return;
            } else {
                progressed();
                take(exchange.received(received.bytes()));
                place.takeFor(isOver() ? 0 : exchange.buffered());
            }
        }
        if (!hasHeardAll()) {
            waitForMore();
        }
    }

    private void broken(int errno) {
        if (ConnectFailure.isEvidence(errno)) {
            fail(Reason.RESPONSE_BROKEN, Errno.describe(errno));
        } else {
            tell(new Inconclusive("recv: " + Errno.describe(errno)));
        }
    }

    private void take(Exchange.Action move) {
        switch (move) {
            case Exchange.Action.Read() -> {}
            case Exchange.Action.Send(byte[] next) -> send(next);
            case Exchange.Action.Finish(var outcome, byte[] farewell) -> {
                send(farewell);
                tell(outcome);
            }
            case Exchange.Action.EvaluateAsync(var judgement) -> judgeElsewhere(judgement);
        }
    }

    private void resume() {
        if (!hasHeardAll()) {
            waitForMore();
        }
    }

    @Override
    void pause() {
        ignore();
    }

    @Override
    ProbeResult atDeadline(Reason reason) {
        return place.isHeldUp() ? BodyBufferPermits.NO_PLACE : super.atDeadline(reason);
    }

    @Override
    void releaseExchange() {
        place.leave();
        exchange.release();
    }
}
