package io.lvsd.ipvs.netlink;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What one message from the kernel means. */
public sealed interface NlReply {
    /** A generic netlink message: its attributes. */
    @SuppressWarnings("ArrayRecordComponent")
    record Data(long sequence, boolean interrupted, byte[] attributes) implements NlReply {}

    /** The end of a dump, with the errno (0: complete) that ended it. */
    record Done(long sequence, boolean interrupted, int errno) implements NlReply {}

    /** An acknowledgement (errno 0) or a refusal. */
    record Ack(long sequence, int errno, ExtAck extAck) implements NlReply {}

    /** Bytes of {@code struct genlmsghdr}. */
    int GENL_HEADER = 4;

    static NlReply of(NlMessage message) {
        boolean interrupted = (message.flags() & NlMessage.NLM_F_DUMP_INTR) != 0;
        byte[] payload = message.payload();
        return switch (message.type()) {
            case NlMessage.NLMSG_ERROR -> new Ack(message.sequence(), errno(payload), ExtAck.of(message));
            case NlMessage.NLMSG_DONE ->
                new Done(message.sequence(), interrupted, payload.length < 4 ? 0 : errno(payload));
            default ->
                new Data(
                        message.sequence(),
                        interrupted,
                        Arrays.copyOfRange(payload, Math.min(GENL_HEADER, payload.length), payload.length));
        };
    }

    private static int errno(byte[] payload) {
        if (payload.length < 4) {
            throw new NetlinkException("error message of " + payload.length + " bytes");
        }
        ByteBuffer in = HostOrder.wrap(payload);
        return -in.getInt(0);
    }
}
