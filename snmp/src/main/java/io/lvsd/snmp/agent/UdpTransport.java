package io.lvsd.snmp.agent;

import io.lvsd.snmp.mib.SystemMib;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;
import org.snmp4j.MessageDispatcher;
import org.snmp4j.TransportStateReference;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** SNMP over UDP, with a filter before the decoder. Messages are processed on the thread of this transport. */
final class UdpTransport extends DefaultUdpTransportMapping implements Transport {
    /** Holds some thousand requests. */
    private static final int RECEIVE_BUFFER = 1_048_576;

    private volatile @Nullable RequestFilter filter;

    UdpTransport(UdpAddress listen) throws IOException {
        super(listen);
        if (listen.getInetAddress() instanceof Inet4Address v4 && v4.isAnyLocalAddress()) {
            bindIpv4(listen);
        }
        // Longer requests are cut, and so malformed.
        setMaxInboundMessageSize(SystemMib.MAX_REQUEST);
        setReceiveBufferSize(RECEIVE_BUFFER);
    }

    /** Every IPv4 address, and no other: a socket that Java binds to 0.0.0.0 receives IPv6 too. */
    private void bindIpv4(UdpAddress listen) throws IOException {
        socket.close();
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            var _ = channel.bind(new InetSocketAddress(listen.getInetAddress(), listen.getPort()));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        socket = channel.socket();
    }

    @Override
    public synchronized void listen() throws IOException {
        super.listen();
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
