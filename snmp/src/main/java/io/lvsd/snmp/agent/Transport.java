package io.lvsd.snmp.agent;

import java.io.IOException;
import org.snmp4j.MessageDispatcher;

/** An open port. It outlives the agent that it serves, so that a reload closes no port that stays configured. Thread-safe. */
sealed interface Transport extends AutoCloseable permits UdpTransport, TcpTransport {
    /** Passes requests to this agent from now on, and to no other one. */
    void serve(RequestFilter filter, MessageDispatcher dispatcher);

    /** Begins to receive. */
    void listen() throws IOException;

    @Override
    void close() throws IOException;
}
