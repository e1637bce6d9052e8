package io.lvsd.snmp.agentx;

import io.lvsd.snmp.agentx.AgentxCodec.Received;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what the master sends into PDUs. Nothing longer than {@link AgentxCodec#MAX_PAYLOAD} is kept: a request whose length a
 * client of the master determines is skipped and reported, as the session must not end because of it.
 */
final class AgentxFrames extends ByteToMessageDecoder {
    /** Bytes of a request that is skipped, at most. */
    static final int MAX_SKIPPED = 16 * 1024 * 1024;

    private @Nullable Received header;
    private long skip;
    private boolean broken;

    /** What was received. */
    sealed interface Frame {
        record Whole(AgentxPdu pdu) implements Frame {}

        /** A request of a client that was skipped because of its length. */
        record TooLong(AgentxPdu.Header header) implements Frame {}

        /** Nothing that follows can be decoded. */
        record Malformed(String reason) implements Frame {}
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            frame(in).ifPresent(out::add);
        } catch (AgentxMalformedException e) {
            broken = true;
            out.add(new Frame.Malformed(e.getMessage() == null ? "malformed" : e.getMessage()));
        }
    }

    private Optional<Frame> frame(ByteBuf in) throws AgentxMalformedException {
        Received received = header;
        if (received == null) {
            if (in.readableBytes() < AgentxCodec.HEADER) {
                return Optional.empty();
            }
            received = AgentxCodec.header(next(in, AgentxCodec.HEADER));
            skip = tooLong(received) ? received.length() : 0;
            header = received;
        }
        return skip > 0 ? skipped(in, received) : whole(in, received);
    }

    private static boolean tooLong(Received received) throws AgentxMalformedException {
        boolean tooLong = received.length() > AgentxCodec.MAX_PAYLOAD;
        if (tooLong && (!received.isOfClient() || received.length() > MAX_SKIPPED)) {
            throw new AgentxMalformedException("payload of " + received.length() + " bytes");
        }
        return tooLong;
    }

    private Optional<Frame> skipped(ByteBuf in, Received received) {
        int length = (int) Math.min(skip, in.readableBytes());
        in.skipBytes(length);
        skip -= length;
        if (skip > 0) {
            return Optional.empty();
        }
        header = null;
        return Optional.of(new Frame.TooLong(received.header()));
    }

    private Optional<Frame> whole(ByteBuf in, Received received) throws AgentxMalformedException {
        if (in.readableBytes() < received.length()) {
            return Optional.empty();
        }
        header = null;
        return Optional.of(new Frame.Whole(AgentxCodec.decode(received, next(in, (int) received.length()))));
    }

    private static ByteBuffer next(ByteBuf in, int length) {
        ByteBuffer bytes = in.nioBuffer(in.readerIndex(), length);
        in.skipBytes(length);
        return bytes;
    }
}
