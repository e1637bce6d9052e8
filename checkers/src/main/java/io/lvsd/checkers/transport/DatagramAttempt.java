package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries an exchange over datagrams, on a socket of its own that is connected, so that the network's refusals arrive. Netty's
 * channel is of no use here: it drops empty datagrams, and an empty one is an answer.
 */
public final class DatagramAttempt extends SocketAttempt {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    /** {@code SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC}, bits/socket_type.h. */
    private static final int DATAGRAMS = 2 | 0x800 | 0x80000;
    /** What {@link Socket#recv} returns for an empty datagram; 0 means that there is none. */
    private static final int EMPTY = -1;
    /** A server that sends without end gets no more of a loop's turn than others. */
    private static final int READS_A_TURN = 8;

    private final ProbeAddress where;
    private final Exchange exchange;
    private final boolean silenceIsGood;
    private @Nullable Socket socket;

    public DatagramAttempt(
            ProbeLoop loop, ProbeAddress where, Exchange exchange, boolean silenceIsGood, Consumer<ProbeReport> done) {
        super(loop, where.deadline(), where.total(), done);
        this.where = where;
        this.exchange = exchange;
        this.silenceIsGood = silenceIsGood;
    }

    @Override
    void begin() {
        connected();
        int fd = Libc.socket(IpAddresses.isIpv4(where.address()) ? AF_INET : AF_INET6, DATAGRAMS, 0);
        if (fd < 0) {
            tell(new Inconclusive("no socket, " + Errno.describe(-fd)));
            return;
        }
        Socket made = new Socket(fd);
        own(made);
        socket = made;
        guarded(() -> {
            SocketOptions.set(made, where);
            SocketOptions.bind(made, where);
            boolean _ = made.connect(new InetSocketAddress(where.address(), where.port()));
            await(EpollIoOps.EPOLLIN);
            send(made, exchange.opening());
        });
    }

    private void send(Socket open, byte[] bytes) throws IOException {
        ByteBuffer datagram = loop.datagram().put(bytes).flip();
        int _ = open.send(datagram, 0, datagram.limit());
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        Socket open = socket;
        if (open != null) {
            guarded(() -> read(open));
        }
    }

    private void read(Socket open) throws IOException {
        for (int i = 0; i < READS_A_TURN && !hasHeardAll(); i++) {
            ByteBuffer datagram = loop.datagram();
            int n = open.recv(datagram, 0, datagram.capacity());
            if (n == 0) {
                return;
            }
            byte[] bytes = new byte[n == EMPTY ? 0 : n];
            datagram.get(bytes);
            switch (exchange.received(bytes)) {
                case Exchange.Action.Read() -> {}
                case Exchange.Action.Send(byte[] next) -> send(open, next);
                case Exchange.Action.Finish(var outcome, var _) -> tell(outcome);
                case Exchange.Action.EvaluateAsync(var judgement) -> judgeElsewhere(judgement);
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            tell(ConnectFailure.judge(e));
        } catch (OutOfMemoryError _) {
            tell(new Inconclusive("out of memory"));
        }
    }

    @Override
    void pause() {
        ignore();
    }

    @Override
    ProbeResult atDeadline(Reason reason) {
        return silenceIsGood ? Passed.plain() : super.atDeadline(reason);
    }
}
