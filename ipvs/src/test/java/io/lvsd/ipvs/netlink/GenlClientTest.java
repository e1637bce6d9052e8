package io.lvsd.ipvs.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.netlink.GenlClient.Outcome;
import io.lvsd.ipvs.netlink.GenlClient.Request;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a kernel may answer, played by a script. */
final class GenlClientTest {
    /** Answers each send with datagrams that a script makes from the messages sent. */
    private static class Kernel implements NetlinkTransport {
        final List<List<NlMessage>> sent = new ArrayList<>();
        private final Deque<byte[]> answers = new ArrayDeque<>();

        Deque<byte[]> answers() {
            return answers;
        }

        Function<List<NlMessage>, List<byte[]>> script = _ -> List.of();

        @Override
        public void send(byte[] datagram) {
            List<NlMessage> messages = NlMessage.parse(datagram);
            sent.add(messages);
            answers.addAll(
                    messages.getFirst().type() == GenlFamily.CTRL.id()
                            ? List.of(
                                    data(messages.getFirst().sequence(), family()),
                                    ack(messages.getFirst().sequence(), 0))
                            : script.apply(messages));
        }

        private static byte[] family() {
            return new AttrWriter().stringz(2, "IPVS").u16(1, 32).toByteArray();
        }

        @Override
        public ByteBuffer receive() {
            byte[] next = answers.poll();
            if (next == null) {
                throw NetlinkException.of("netlink receive", Errno.EAGAIN.number());
            }
            return HostOrder.wrap(next);
        }

        @Override
        public void close() {}
    }

    private final Kernel kernel = new Kernel();
    private final GenlClient client = GenlClient.open(kernel, "IPVS", 1);

    private static byte[] message(int type, int flags, long sequence, byte[] payload) {
        return new NlMessage(type, flags, sequence, 0, payload).toByteArray();
    }

    private static byte[] data(long sequence, byte[] attributes) {
        return data(sequence, 0, attributes);
    }

    private static byte[] data(long sequence, int flags, byte[] attributes) {
        byte[] payload = new byte[4 + attributes.length];
        System.arraycopy(attributes, 0, payload, 4, attributes.length);
        return message(32, flags, sequence, payload);
    }

    private static byte[] ack(long sequence, int errno) {
        ByteBuffer payload = ByteBuffer.wrap(new byte[20])
                .order(ByteOrder.nativeOrder())
                .putInt(-errno)
                .putInt(16);
        return message(NlMessage.NLMSG_ERROR, NlMessage.NLM_F_CAPPED, sequence, payload.array());
    }

    private static byte[] done(long sequence, int flags, int errno) {
        byte[] payload = new byte[4];
        ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()).putInt(-errno);
        return message(NlMessage.NLMSG_DONE, flags, sequence, payload);
    }

    private static byte[] together(byte[]... messages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] m : messages) {
            out.writeBytes(m);
        }
        return out.toByteArray();
    }

    private static Request request() {
        return new Request(5, _ -> {});
    }

    @Test
    void whatAsksForTheAcknowledgementOfABatchIsNoCommandAndAllGoInOneCall() {
        kernel.script = sent -> List.of(ack(sent.getLast().sequence(), 0));
        List<Outcome> outcomes = client.batch(List.of(request(), request(), request()));
        assertEquals(List.of(0, 0, 0), outcomes.stream().map(Outcome::errno).toList());
        List<Boolean> asks = kernel.sent.getLast().stream()
                .map(m -> (m.flags() & NlMessage.NLM_F_ACK) != 0)
                .toList();
        assertEquals(List.of(false, false, false, true), asks);
        assertEquals(1, kernel.sent.getLast().getLast().type(), "NLMSG_NOOP");
    }

    /** More bytes than fit into one system call of a batch, and values of all lengths that need padding. */
    @Test
    void theCommandsOfABatchAreTheMessagesOfTheFamily() {
        kernel.script = sent -> List.of(ack(sent.getLast().sequence(), 0));
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            byte[] value = new byte[i % 90];
            Arrays.fill(value, (byte) i);
            requests.add(new Request(5, out -> out.bytes(7, value)));
        }
        client.batch(requests);
        List<NlMessage> sent = kernel.sent.stream()
                .skip(1)
                .flatMap(all -> all.stream().limit(all.size() - 1L))
                .toList();
        assertEquals(requests.size(), sent.size());
        for (int i = 0; i < sent.size(); i++) {
            AttrWriter attributes = new AttrWriter();
            requests.get(i).attributes().accept(attributes);
            byte[] alone = new GenlFamily(32, 1)
                    .request(5, 0, sent.get(i).sequence(), attributes.toByteArray())
                    .toByteArray();
            assertArrayEquals(alone, sent.get(i).toByteArray(), "request " + i);
        }
    }

    @Test
    void aCommandThatTheKernelDoesNotAnswerIsDone() {
        kernel.script = sent -> List.of(
                ack(sent.getFirst().sequence(), Errno.ESRCH.number()),
                ack(sent.getLast().sequence(), 0));
        assertEquals(
                List.of(Errno.ESRCH.number(), 0),
                client.batch(List.of(request(), request())).stream()
                        .map(Outcome::errno)
                        .toList());
    }

    @Test
    void anErrorInTheMiddleOfABatchBelongsToItsOwnCommand() {
        kernel.script = sent -> List.of(
                ack(sent.get(1).sequence(), Errno.EEXIST.number()),
                ack(sent.getLast().sequence(), 0));
        List<Outcome> outcomes = client.batch(List.of(request(), request(), request()));
        assertEquals(
                List.of(0, Errno.EEXIST.number(), 0),
                outcomes.stream().map(Outcome::errno).toList());
    }

    @Test
    void aRefusedLastCommandIsNotTakenForItsAcknowledgement() {
        kernel.script = sent -> List.of(
                ack(sent.get(1).sequence(), Errno.EINVAL.number()),
                ack(sent.getLast().sequence(), 0));
        assertEquals(
                Errno.EINVAL.number(),
                client.batch(List.of(request(), request())).getLast().errno());
    }

    @Test
    void aLostAcknowledgementIsAnExceptionAndNotSuccess() {
        kernel.script = _ -> List.of();
        NetlinkException e = assertThrows(NetlinkException.class, () -> client.batch(List.of(request())));
        assertTrue(e.is(Errno.EAGAIN));
    }

    @Test
    void repliesToAnEarlierRequestAreDropped() {
        kernel.script = sent -> List.of(
                data(sent.getFirst().sequence() - 1, new byte[] {8, 0, 1, 0, 1, 1, 1, 1}),
                ack(sent.getFirst().sequence() - 1, Errno.EBUSY.number()),
                data(sent.getFirst().sequence(), new byte[] {8, 0, 1, 0, 2, 2, 2, 2}),
                ack(sent.getFirst().sequence(), 0));
        GenlClient.Reply reply = client.get(15, new byte[0]);
        assertEquals(1, reply.messages().size());
        assertEquals(2, reply.messages().getFirst()[4]);
        assertTrue(reply.outcome().ok());
    }

    @Test
    void anInterruptedDumpIsRepeatedThreeTimesAtMost() {
        kernel.script = sent -> List.of(together(
                data(sent.getFirst().sequence(), new byte[0]),
                done(sent.getFirst().sequence(), NlMessage.NLM_F_DUMP_INTR, 0)));
        int before = kernel.sent.size();
        assertEquals(1, client.dump(4, new byte[0]).size());
        assertEquals(3, kernel.sent.size() - before);
    }

    @Test
    void aDumpThatEndsWithAnErrorIsAnException() {
        kernel.script = sent -> List.of(done(sent.getFirst().sequence(), 0, Errno.ENOMEM.number()));
        NetlinkException e = assertThrows(NetlinkException.class, () -> client.dump(4, new byte[0]));
        assertTrue(e.is(Errno.ENOMEM));
    }

    @Test
    void aDumpCollectsAllItsDatagrams() {
        kernel.script = sent -> {
            long s = sent.getFirst().sequence();
            return List.of(together(data(s, new byte[0]), data(s, new byte[0])), data(s, new byte[0]), done(s, 0, 0));
        };
        assertEquals(3, client.dump(4, new byte[0]).size());
    }

    @Test
    void theKernelsOwnWordsAreRead() {
        byte[] text = new AttrWriter().stringz(1, "no such thing").toByteArray();
        kernel.script = sent -> {
            byte[] payload = new byte[20 + text.length];
            ByteBuffer.wrap(payload).order(ByteOrder.nativeOrder()).putInt(-22).putInt(100);
            System.arraycopy(text, 0, payload, 20, text.length);
            byte[] error = message(
                    NlMessage.NLMSG_ERROR,
                    NlMessage.NLM_F_CAPPED | NlMessage.NLM_F_ACK_TLVS,
                    sent.getFirst().sequence(),
                    payload);
            return List.of(error, ack(sent.getLast().sequence(), 0));
        };
        assertEquals(
                new Outcome(22, "no such thing"),
                client.batch(List.of(request())).getFirst());
    }

    @Test
    void aFamilyThatTheKernelLacksSaysSo() {
        Kernel without = new Kernel() {
            @Override
            public void send(byte[] datagram) {
                answers().add(ack(NlMessage.parse(datagram).getFirst().sequence(), Errno.ENOENT.number()));
            }
        };
        NetlinkException e = assertThrows(NetlinkException.class, () -> GenlClient.open(without, "IPVS", 1));
        assertEquals("generic netlink family IPVS: ENOENT (no such entry)", e.getMessage());
    }

    @Test
    void aLengthBeyondTheDatagramNamesTheOffset() {
        byte[] bad = ack(1, 0);
        bad[0] = 100;
        NetlinkException e = assertThrows(NetlinkException.class, () -> NlMessage.parse(bad));
        assertEquals("message at offset 0 has length 100 of 36", e.getMessage());
    }
}
