package io.lvsd.snmp.agentx;

import io.lvsd.snmp.agentx.AgentxPdu.CleanupSet;
import io.lvsd.snmp.agentx.AgentxPdu.Close;
import io.lvsd.snmp.agentx.AgentxPdu.CommitSet;
import io.lvsd.snmp.agentx.AgentxPdu.Get;
import io.lvsd.snmp.agentx.AgentxPdu.GetBulk;
import io.lvsd.snmp.agentx.AgentxPdu.GetNext;
import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.InContext;
import io.lvsd.snmp.agentx.AgentxPdu.Notify;
import io.lvsd.snmp.agentx.AgentxPdu.Open;
import io.lvsd.snmp.agentx.AgentxPdu.Ping;
import io.lvsd.snmp.agentx.AgentxPdu.Register;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.lvsd.snmp.agentx.AgentxPdu.TestSet;
import io.lvsd.snmp.agentx.AgentxPdu.UndoSet;
import io.lvsd.snmp.agentx.AgentxPdu.Unregister;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.snmp4j.smi.OctetString;

/**
 * PDUs of AgentX as bytes, RFC 2741, section 6. Both byte orders are read, and network byte order is written. Pure.
 *
 * <p>IndexAllocate, IndexDeallocate, AddAgentCaps and RemoveAgentCaps are not supported: this subagent sends none, and a master
 * never does.
 */
final class AgentxCodec {
    /** Bytes of the header. */
    static final int HEADER = 20;
    /** Bytes of a payload, at most. */
    static final int MAX_PAYLOAD = 64 * 1024;
    /** Parts of an object identifier, at most. */
    static final int MAX_PARTS = 128;

    private static final int VERSION = 1;
    private static final int NON_DEFAULT_CONTEXT = 1 << 3;
    private static final int NETWORK_BYTE_ORDER = 1 << 4;

    private static final int OPEN = 1;
    private static final int CLOSE = 2;
    private static final int REGISTER = 3;
    private static final int UNREGISTER = 4;
    private static final int GET = 5;
    private static final int GET_NEXT = 6;
    private static final int GET_BULK = 7;
    private static final int TEST_SET = 8;
    private static final int COMMIT_SET = 9;
    private static final int UNDO_SET = 10;
    private static final int CLEANUP_SET = 11;
    private static final int NOTIFY = 12;
    private static final int PING = 13;
    private static final int RESPONSE = 18;

    private AgentxCodec() {}

    /**
     * The header of a PDU as it was received.
     *
     * @param length of the payload, in bytes; not limited
     */
    record Received(int type, int flags, Header header, long length) {
        private ByteOrder order() {
            return order(flags);
        }

        private static ByteOrder order(int flags) {
            return (flags & NETWORK_BYTE_ORDER) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        }

        /** Whether it is a request whose number of objects a client of the master determines. */
        boolean isOfClient() {
            return type >= GET && type <= TEST_SET;
        }
    }

    /** Bytes that fill an octet string up to a multiple of 4. */
    static int padding(int length) {
        return -length & 3;
    }

    /**
     * Decodes a header.
     *
     * @param bytes {@link #HEADER} of them, from the position on
     * @throws AgentxMalformedException if the version is unknown or the length is not a multiple of 4
     */
    static Received header(ByteBuffer bytes) throws AgentxMalformedException {
        ByteBuffer in = bytes.slice();
        int version = in.get() & 0xff;
        int type = in.get() & 0xff;
        int flags = in.get() & 0xff;
        if (version != VERSION) {
            throw new AgentxMalformedException("unsupported version " + version);
        }
        PduReader rest = new PduReader(in.order(Received.order(flags)));
        rest.skip(1);
        Header header = new Header(rest.u32(), rest.u32(), rest.u32());
        long length = rest.u32();
        if (length % 4 != 0) {
            throw new AgentxMalformedException("payload of " + length + " bytes");
        }
        return new Received(type, flags, header, length);
    }

    /**
     * Decodes a PDU. What it allocates is limited by the length of the payload.
     *
     * @param payload exactly that of the PDU
     * @throws AgentxMalformedException if it is not a PDU that a subagent or its master sends
     */
    static AgentxPdu decode(Received received, ByteBuffer payload) throws AgentxMalformedException {
        if (payload.remaining() != received.length() || received.length() > MAX_PAYLOAD) {
            throw new AgentxMalformedException("payload of " + received.length() + " bytes");
        }
        PduReader in = new PduReader(payload.slice().order(received.order()));
        Optional<OctetString> context = (received.flags() & NON_DEFAULT_CONTEXT) == 0 || !hasContext(received.type())
                ? Optional.empty()
                : Optional.of(new OctetString(in.octets()));
        AgentxPdu pdu = body(received.type(), received.header(), context, in);
        in.end();
        return pdu;
    }

    private static boolean hasContext(int type) {
        return switch (type) {
            case REGISTER, UNREGISTER, GET, GET_NEXT, GET_BULK, TEST_SET, NOTIFY, PING -> true;
            default -> false;
        };
    }

    private static AgentxPdu body(int type, Header header, Optional<OctetString> context, PduReader in)
            throws AgentxMalformedException {
        return switch (type) {
            case OPEN -> open(header, in);
            case CLOSE -> close(header, in);
            case REGISTER -> register(header, context, in);
            case UNREGISTER -> unregister(header, context, in);
            case GET -> new Get(header, context, in.ranges());
            case GET_NEXT -> new GetNext(header, context, in.ranges());
            case GET_BULK -> new GetBulk(header, context, in.u16(), in.u16(), in.ranges());
            case TEST_SET -> new TestSet(header, context, in.bindings());
            case COMMIT_SET -> new CommitSet(header);
            case UNDO_SET -> new UndoSet(header);
            case CLEANUP_SET -> new CleanupSet(header);
            case NOTIFY -> new Notify(header, context, in.bindings());
            case PING -> new Ping(header, context);
            case RESPONSE -> new Response(header, in.u32(), in.u16(), in.u16(), in.bindings());
            default -> throw new AgentxMalformedException("unsupported PDU of type " + type);
        };
    }

    private static Open open(Header header, PduReader in) throws AgentxMalformedException {
        int timeout = in.u8();
        in.skip(3);
        return new Open(header, timeout, in.oid(), new OctetString(in.octets()));
    }

    private static Close close(Header header, PduReader in) throws AgentxMalformedException {
        int reason = in.u8();
        in.skip(3);
        return new Close(header, reason);
    }

    private static Register register(Header header, Optional<OctetString> context, PduReader in)
            throws AgentxMalformedException {
        int timeout = in.u8();
        int priority = in.u8();
        in.skip(2);
        return new Register(header, context, timeout, priority, in.oid());
    }

    private static Unregister unregister(Header header, Optional<OctetString> context, PduReader in)
            throws AgentxMalformedException {
        in.skip(1);
        int priority = in.u8();
        in.skip(2);
        return new Unregister(header, context, priority, in.oid());
    }

    /** Encodes a PDU. Its payload may exceed {@link #MAX_PAYLOAD}, which is that of what is received. */
    static byte[] encode(AgentxPdu pdu) {
        boolean context = pdu instanceof InContext in && in.context().isPresent();
        PduWriter out = new PduWriter();
        out.u8(VERSION);
        out.u8(type(pdu));
        out.u8(NETWORK_BYTE_ORDER | (context ? NON_DEFAULT_CONTEXT : 0));
        out.u8(0);
        out.u32(pdu.header().session());
        out.u32(pdu.header().transaction());
        out.u32(pdu.header().packet());
        out.u32(0);
        if (pdu instanceof InContext in) {
            out.context(in.context());
        }
        body(pdu, out);
        return out.toBytes();
    }

    private static int type(AgentxPdu pdu) {
        return switch (pdu) {
            case Open _ -> OPEN;
            case Close _ -> CLOSE;
            case Register _ -> REGISTER;
            case Unregister _ -> UNREGISTER;
            case Get _ -> GET;
            case GetNext _ -> GET_NEXT;
            case GetBulk _ -> GET_BULK;
            case TestSet _ -> TEST_SET;
            case CommitSet _ -> COMMIT_SET;
            case UndoSet _ -> UNDO_SET;
            case CleanupSet _ -> CLEANUP_SET;
            case Notify _ -> NOTIFY;
            case Ping _ -> PING;
            case Response _ -> RESPONSE;
        };
    }

    private static void body(AgentxPdu pdu, PduWriter out) {
        switch (pdu) {
            case Open open -> {
                out.u32((long) open.timeout() << 24);
                out.oid(open.id(), false);
                out.octets(open.description().getValue());
            }
            case Close close -> out.u32((long) close.reason() << 24);
            case Register register -> {
                out.u8(register.timeout());
                out.u8(register.priority());
                out.u16(0);
                out.oid(register.subtree(), false);
            }
            case Unregister unregister -> {
                out.u8(0);
                out.u8(unregister.priority());
                out.u16(0);
                out.oid(unregister.subtree(), false);
            }
            case Get get -> out.ranges(get.ranges());
            case GetNext next -> out.ranges(next.ranges());
            case GetBulk bulk -> {
                out.u16(bulk.nonRepeaters());
                out.u16(bulk.maxRepetitions());
                out.ranges(bulk.ranges());
            }
            case TestSet test -> out.bindings(test.bindings());
            case Notify notify -> out.bindings(notify.bindings());
            case Response response -> {
                out.u32(response.sysUpTime());
                out.u16(response.error());
                out.u16(response.index());
                out.bindings(response.bindings());
            }
            case CommitSet _, UndoSet _, CleanupSet _, Ping _ -> {}
        }
    }
}
