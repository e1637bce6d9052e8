package io.lvsd.snmp;

/** Counts what happens to requests and notifications. Any thread; must not block. */
public interface SnmpObserver {
    /** Counts nothing. */
    SnmpObserver NONE = new SnmpObserver() {
        @Override
        public void request(Request type) {}

        @Override
        public void notification(Delivery outcome) {}
    };

    /** A request was received. */
    void request(Request type);

    /** A notification was sent, or not. */
    void notification(Delivery outcome);

    /** Requests by type, or by the reason why they were not answered. */
    enum Request {
        GET,
        GETNEXT,
        GETBULK,
        SET,
        /** Another type of PDU, or a message with which a client of SNMPv3 learns the engine ID or its time. */
        OTHER,
        /** Unknown community or user, wrong password, or a source that may not use it. */
        UNAUTHORIZED,
        /** Above {@code rate_limit}. */
        LIMITED,
        /** Not decodable. */
        MALFORMED,
        /** A response was cut because of its size. */
        TRUNCATED,
        /** A request of the AgentX master. */
        AGENTX,
        /** What the AgentX master sent was malformed, and the session was closed. */
        AGENTX_MALFORMED
    }

    /** What became of a notification. */
    enum Delivery {
        /** A trap was sent; traps are not acknowledged. */
        SENT,
        /** An inform was acknowledged. */
        ACKNOWLEDGED,
        /** Not sent, or not acknowledged. */
        FAILED,
        /** The queue of the receiver was full. */
        DROPPED
    }
}
