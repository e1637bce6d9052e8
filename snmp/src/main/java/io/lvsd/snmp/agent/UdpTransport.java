package io.lvsd.snmp.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.snmp4j.MessageDispatcher;
import org.snmp4j.TransportStateReference;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** SNMP over UDP, with a filter before the decoder. Messages are processed on the thread of this transport. */
final class UdpTransport extends DefaultUdpTransportMapping implements Transport {
    /** Longer requests are cut, and so malformed. */
    private static final int MAX_REQUEST = 8_192;
    /** Holds some thousand requests. */
    private static final int RECEIVE_BUFFER = 1_048_576;

    private volatile @Nullable RequestFilter filter;

    UdpTransport(UdpAddress listen) throws IOException {
        super(listen);
        setMaxInboundMessageSize(MAX_REQUEST);
        setReceiveBufferSize(RECEIVE_BUFFER);
        setThreadName("snmp");
    }

    @Override
    public synchronized void serve(RequestFilter next, MessageDispatcher dispatcher) {
        filter = next;
        removeAllTransportListeners();
        addTransportListener(dispatcher);
    }

    @Override
    protected void fireProcessMessage(UdpAddress address, ByteBuffer message, TransportStateReference state) {
        RequestFilter current = filter;
        if (current != null) {
            current.process(address.getInetAddress(), () -> super.fireProcessMessage(address, message, state));
        }
    }
}
