package io.lvsd.snmp.agent;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.ByteBuffer;
import java.util.List;

/** Divides a stream into messages: each is a BER sequence of definite length (RFC 3430). */
final class BerFrames extends ByteToMessageDecoder {
    private static final int SEQUENCE = 0x30;
    private static final int LONG_FORM = 0x80;
    private static final int MAX_LENGTH_BYTES = 4;

    private final int maxLength;

    /** @param maxLength of a message, in bytes; a longer one is an error, before its content is received */
    BerFrames(int maxLength) {
        this.maxLength = maxLength;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        if (in.readableBytes() < 2) {
            return;
        }
        if (in.getUnsignedByte(start) != SEQUENCE) {
            throw new CorruptedFrameException("not a sequence");
        }
        int first = in.getUnsignedByte(start + 1);
        int lengthBytes = first < LONG_FORM ? 0 : first - LONG_FORM;
        if (first == LONG_FORM || lengthBytes > MAX_LENGTH_BYTES) {
            throw new CorruptedFrameException("length");
        }
        int header = 2 + lengthBytes;
        if (in.readableBytes() < header) {
            return;
        }
        long length = first < LONG_FORM ? first : 0;
        for (int i = 2; i < header; i++) {
            length = length << 8 | in.getUnsignedByte(start + i);
        }
        if (length + header > maxLength) {
            throw new CorruptedFrameException("too long");
        }
        int total = (int) length + header;
        if (in.readableBytes() >= total) {
            byte[] message = new byte[total];
            in.readBytes(message);
            out.add(ByteBuffer.wrap(message));
        }
    }
}
