package io.lvsd.sorryserver;

import io.lvsd.sorryserver.http.Counters;
import io.lvsd.sorryserver.http.Counters.Count;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;

/**
 * Answers each DNS query with SERVFAIL (RFC 1035, section 4.1.1): the header with the question, and nothing else. A response is
 * never longer than its query, so that it cannot be used for amplification; a response is not answered, so that two servers cannot
 * send each other messages for ever.
 */
final class DnsFailure extends SimpleChannelInboundHandler<DatagramPacket> {
    private static final int HEADER = 12;
    private static final int MAX_NAME = 255;
    private static final int MAX_LABEL = 63;
    private static final int FLAGS = 2;
    private static final int QUESTIONS = 4;
    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int SERVFAIL = 2;

    private final Counters counters;

    DnsFailure(Counters counters) {
        this.counters = counters;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        ByteBuf query = packet.content();
        int end = questionEnd(query);
        if (end < 0) {
            counters.add(Count.FAILED);
            return;
        }
        counters.add(Count.OTHERS);
        ByteBuf response = context.alloc().buffer(end);
        int start = query.readerIndex();
        int flags = query.getUnsignedShort(start + FLAGS);
        response.writeShort(query.getUnsignedShort(start))
                .writeShort(RESPONSE | flags & (OPCODE | RECURSION_DESIRED) | SERVFAIL)
                .writeShort(1)
                .writeZero(HEADER - QUESTIONS - Short.BYTES)
                .writeBytes(query, start + HEADER, end - HEADER);
        Future<?> _ = context.writeAndFlush(new DatagramPacket(response, packet.sender(), packet.recipient()));
    }

    /** Bytes up to the end of the only question; negative if it is not a query with one question. */
    private static int questionEnd(ByteBuf query) {
        int start = query.readerIndex();
        int length = query.readableBytes();
        boolean isQuery = length > HEADER
                && (query.getUnsignedShort(start + FLAGS) & RESPONSE) == 0
                && query.getUnsignedShort(start + QUESTIONS) == 1;
        if (!isQuery) {
            return -1;
        }
        int at = HEADER;
        while (at < length && query.getByte(start + at) != 0) {
            int label = query.getUnsignedByte(start + at);
            if (label > MAX_LABEL) {
                return -1;
            }
            at += label + 1;
        }
        // The root label, type and class.
        int end = at + 1 + 2 * Short.BYTES;
        return end <= length && at - HEADER <= MAX_NAME ? end : -1;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A datagram that cannot be sent has no effect on others.
    }
}
