package io.lvsd.snmp.agentx;

/** Bytes are not a PDU of RFC 2741. */
final class AgentxMalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    AgentxMalformedException(String message) {
        super(message);
    }
}
