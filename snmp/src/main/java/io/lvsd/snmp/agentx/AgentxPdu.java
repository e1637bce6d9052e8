package io.lvsd.snmp.agentx;

import java.util.List;
import java.util.Optional;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/** A PDU that a subagent sends or receives, RFC 2741, section 6.2. */
sealed interface AgentxPdu {
    Header header();

    /**
     * What every PDU has; unsigned numbers of 32 bits.
     *
     * @param session 0 in an Open-PDU
     * @param transaction of one SNMP request or notification
     * @param packet chosen by the sender of a request, and repeated in its response
     */
    record Header(long session, long transaction, long packet) {}

    /** Has a context; empty is the default context. */
    sealed interface InContext extends AgentxPdu permits Query, Register, Unregister, TestSet, Notify, Ping {
        Optional<OctetString> context();
    }

    /** Reads objects. */
    sealed interface Query extends InContext permits Get, GetNext, GetBulk {
        List<SearchRange> ranges();
    }

    /**
     * Begins a session.
     *
     * @param timeout seconds that the master waits for a response, 0 to 255; 0 is the default of the master
     * @param id identifies the subagent; without parts: unknown
     */
    record Open(Header header, int timeout, OID id, OctetString description) implements AgentxPdu {}

    /** Ends a session, for one of the reasons of {@link CloseReason}. */
    record Close(Header header, int reason) implements AgentxPdu {}

    /** Registers a subtree; without a range, and not a single instance. */
    record Register(Header header, Optional<OctetString> context, int timeout, int priority, OID subtree)
            implements InContext {}

    /** Removes the registration of a subtree. */
    record Unregister(Header header, Optional<OctetString> context, int priority, OID subtree) implements InContext {}

    /** Values of instances; the ends of the ranges have no parts. */
    record Get(Header header, Optional<OctetString> context, List<SearchRange> ranges) implements Query {
        public Get {
            ranges = List.copyOf(ranges);
        }
    }

    /** The first instance of each range. */
    record GetNext(Header header, Optional<OctetString> context, List<SearchRange> ranges) implements Query {
        public GetNext {
            ranges = List.copyOf(ranges);
        }
    }

    /**
     * The first instance of some ranges, and several instances of the others.
     *
     * @param nonRepeaters number of ranges at the beginning whose first instance is requested
     * @param maxRepetitions number of instances of each other range, at most
     */
    record GetBulk(
            Header header,
            Optional<OctetString> context,
            int nonRepeaters,
            int maxRepetitions,
            List<SearchRange> ranges)
            implements Query {
        public GetBulk {
            ranges = List.copyOf(ranges);
        }
    }

    /** Whether values can be set. */
    record TestSet(Header header, Optional<OctetString> context, List<VariableBinding> bindings) implements InContext {
        public TestSet {
            bindings = List.copyOf(bindings);
        }
    }

    /** Sets the values of the TestSet-PDU with the same transaction. */
    record CommitSet(Header header) implements AgentxPdu {}

    /** Restores the values before the CommitSet-PDU. */
    record UndoSet(Header header) implements AgentxPdu {}

    /** Ends a transaction. It has no response. */
    record CleanupSet(Header header) implements AgentxPdu {}

    /** A notification; the first bindings are sysUpTime.0, which is optional, and snmpTrapOID.0. */
    record Notify(Header header, Optional<OctetString> context, List<VariableBinding> bindings) implements InContext {
        public Notify {
            bindings = List.copyOf(bindings);
        }
    }

    /** Whether the master still serves the session. */
    record Ping(Header header, Optional<OctetString> context) implements InContext {}

    /**
     * The response to any other PDU than a CleanupSet-PDU and the Close-PDU of a master.
     *
     * @param sysUpTime hundredths of a second, of the master; 0 in responses of a subagent
     * @param error of {@link AgentxError}
     * @param index of the binding that the error is about, from 1 on; 0: of none
     */
    record Response(Header header, long sysUpTime, int error, int index, List<VariableBinding> bindings)
            implements AgentxPdu {
        public Response {
            bindings = List.copyOf(bindings);
        }

        /** The response to a request, without an error. */
        static Response of(AgentxPdu request, List<VariableBinding> bindings) {
            return new Response(request.header(), 0, AgentxError.NO_ERROR.code(), 0, bindings);
        }

        /** The response to a request that failed. */
        static Response of(AgentxPdu request, AgentxError error, int index) {
            return new Response(request.header(), 0, error.code(), index, List.of());
        }

        boolean isError(AgentxError other) {
            return error == other.code();
        }
    }

    /** Values of {@code c.reason}. */
    enum CloseReason {
        OTHER(1, "other"),
        PARSE_ERROR(2, "parse error"),
        PROTOCOL_ERROR(3, "protocol error"),
        TIMEOUTS(4, "timeouts"),
        SHUTDOWN(5, "shutdown"),
        BY_MANAGER(6, "by manager");

        private final int code;
        private final String label;

        CloseReason(int code, String label) {
            this.code = code;
            this.label = label;
        }

        int code() {
            return code;
        }

        /** The name of a value, for the log; {@code reason N} for other values. */
        static String text(int code) {
            for (CloseReason reason : values()) {
                if (reason.code == code) {
                    return reason.label;
                }
            }
            return "reason " + code;
        }
    }
}
