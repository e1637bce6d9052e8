package io.lvsd.ipvs.netlink;

import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.netlink.NlReply.Ack;
import io.lvsd.ipvs.netlink.NlReply.Data;
import io.lvsd.ipvs.netlink.NlReply.Done;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Requests to one generic netlink family over one transport. Knows nothing of IPVS. Used by one thread. Replies with a
 * sequence number other than that of the request are strays of an earlier request and are dropped.
 */
public final class GenlClient implements AutoCloseable {
    /** Commands in one system call: beyond this the cost of a command does not fall any more. */
    private static final int BATCH = 200;

    private static final int DUMP_TRIES = 3;
    private static final long MAX_SEQUENCE = 0x7fff_ffffL;

    private final NetlinkTransport transport;
    private final GenlFamily family;
    private final AttrReader reader = AttrReader.empty();
    private final OutBuffer batch = new OutBuffer();
    private long sequence;

    private GenlClient(NetlinkTransport transport, GenlFamily family, long sequence) {
        this.transport = transport;
        this.family = family;
        this.sequence = sequence;
    }

    /**
     * One command of a batch.
     *
     * @param command its number in the family
     * @param attributes writes its attributes, when the batch is sent
     */
    public record Request(int command, Consumer<AttrWriter> attributes) {}

    /**
     * The kernel's answer to one request.
     *
     * @param errno 0 if it was carried out
     * @param text the kernel's words, or empty
     */
    public record Outcome(int errno, String text) {
        static final Outcome DONE = new Outcome(0, "");

        public boolean ok() {
            return errno == 0;
        }
    }

    /** The messages of a reply, and how it ended. */
    public record Reply(List<byte[]> messages, Outcome outcome) {}

    /**
     * Resolves a family by its name; asking for it makes the kernel load its module.
     *
     * @throws NetlinkException with errno ENOENT if this kernel has no such family
     */
    public static GenlClient open(NetlinkTransport transport, String familyName, int version) {
        GenlClient control = new GenlClient(transport, GenlFamily.CTRL, 0);
        Reply reply = control.get(GenlFamily.GETFAMILY, GenlFamily.familyName(familyName));
        if (!reply.outcome().ok()) {
            throw NetlinkException.of(
                    "generic netlink family " + familyName, reply.outcome().errno());
        }
        if (reply.messages().isEmpty()) {
            throw new NetlinkException("generic netlink family " + familyName + ": acknowledged without an answer");
        }
        return new GenlClient(
                transport, new GenlFamily(GenlFamily.familyId(reply.messages().getFirst()), version), control.sequence);
    }

    /** Takes the messages of a reply one by one. */
    public interface Messages {
        /** The reply begins, for the first time or again after an interruption: what came before does not count. */
        void begin();

        /** @param attributes of one message, valid during this call */
        void message(AttrReader attributes);
    }

    /** Collects copies of the messages. */
    private static final class Copies implements Messages {
        private final List<byte[]> all = new ArrayList<>();

        @Override
        public void begin() {
            all.clear();
        }

        @Override
        public void message(AttrReader attributes) {
            all.add(attributes.all());
        }
    }

    /** A request that is answered by messages and an acknowledgement. */
    public Reply get(int command, byte[] attributes) {
        Copies copies = new Copies();
        return new Reply(copies.all, get(command, attributes, "", copies));
    }

    /**
     * A request that is answered by messages and an acknowledgement.
     *
     * @param name of the messages, in errors
     */
    public Outcome get(int command, byte[] attributes, String name, Messages messages) {
        long seq = nextSequence();
        transport.send(
                family.request(command, NlMessage.NLM_F_ACK, seq, attributes).toByteArray());
        messages.begin();
        while (true) {
            NlCursor in = new NlCursor(transport.receive());
            while (in.next()) {
                if (in.sequence() != seq) {
                    continue;
                }
                if (in.isData()) {
                    messages.message(in.attributes(name, reader));
                    continue;
                }
                return switch (NlReply.of(in.message())) {
                    case Ack ack -> new Outcome(ack.errno(), ack.extAck().text());
                    case Done done -> new Outcome(done.errno(), "");
                    case Data _ -> throw new AssertionError(in.type());
                };
            }
        }
    }

    /** A whole dump, as {@link #dump(int, byte[], String, Messages)}. */
    public List<byte[]> dump(int command, byte[] attributes) {
        Copies copies = new Copies();
        dump(command, attributes, "", copies);
        return copies.all;
    }

    /**
     * A whole dump. Repeated, three times at most, if the kernel reports that a change interrupted it.
     *
     * @param name of the messages, in errors
     * @throws NetlinkException if the kernel refused it or cut it short
     */
    public void dump(int command, byte[] attributes, String name, Messages messages) {
        for (int attempt = 1; attempt <= DUMP_TRIES; attempt++) {
            if (!dumpOnce(command, attributes, name, messages)) {
                return;
            }
        }
    }

    /** Returns whether a change interrupted it. */
    private boolean dumpOnce(int command, byte[] attributes, String name, Messages messages) {
        long seq = nextSequence();
        transport.send(
                family.request(command, NlMessage.NLM_F_DUMP, seq, attributes).toByteArray());
        messages.begin();
        boolean interrupted = false;
        while (true) {
            NlCursor in = new NlCursor(transport.receive());
            while (in.next()) {
                if (in.sequence() != seq) {
                    continue;
                }
                interrupted |= in.isInterrupted();
                if (in.isData()) {
                    messages.message(in.attributes(name, reader));
                    continue;
                }
                return switch (NlReply.of(in.message())) {
                    case Done done -> finish(command, done.errno(), interrupted);
                    case Ack ack -> finish(command, ack.errno(), interrupted);
                    case Data _ -> throw new AssertionError(in.type());
                };
            }
        }
    }

    private static boolean finish(int command, int errno, boolean interrupted) {
        if (errno == Errno.EINTR.number()) {
            return true;
        }
        if (errno != 0) {
            throw NetlinkException.of("dump, command " + command, errno);
        }
        return interrupted;
    }

    /**
     * Sends commands in as few system calls as possible. The kernel works through them in order and goes on after an
     * error, which comes back by itself; a message without effect follows them and requests an acknowledgement.
     * A command cannot do that: for one that came to EINTR the kernel sends none (net/netlink/af_netlink.c,
     * netlink_rcv_skb), and a sync daemon that is stopped before it first ran comes to just that, although it is gone.
     *
     * @return one outcome for each request, in their order
     * @throws NetlinkException if an answer was lost: what was carried out is unknown, read the table
     */
    public List<Outcome> batch(List<Request> requests) {
        List<Outcome> outcomes = new ArrayList<>(requests.size());
        for (int from = 0; from < requests.size(); from += BATCH) {
            outcomes.addAll(sendBatch(requests.subList(from, Math.min(requests.size(), from + BATCH))));
        }
        return outcomes;
    }

    private List<Outcome> sendBatch(List<Request> requests) {
        if (sequence + requests.size() + 1 > MAX_SEQUENCE) {
            sequence = 0;
        }
        long first = sequence + 1;
        batch.clear();
        for (Request request : requests) {
            family.write(batch, request, nextSequence());
        }
        NlMessage.writeEnd(batch, nextSequence());
        transport.send(batch.toByteArray());
        Outcome[] outcomes = new Outcome[requests.size()];
        java.util.Arrays.fill(outcomes, Outcome.DONE);
        while (true) {
            for (NlMessage message : NlMessage.parse(transport.receive())) {
                long index = message.sequence() - first;
                if (index < 0 || index > outcomes.length || !(NlReply.of(message) instanceof Ack ack)) {
                    continue;
                }
                if (index == outcomes.length) {
                    return List.of(outcomes);
                }
                outcomes[(int) index] = new Outcome(ack.errno(), ack.extAck().text());
            }
        }
    }

    private long nextSequence() {
        sequence = sequence >= MAX_SEQUENCE ? 1 : sequence + 1;
        return sequence;
    }

    @Override
    public void close() {
        transport.close();
    }
}
