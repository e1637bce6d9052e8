package io.lvsd.snmp.notification;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.snmp4j.TransportStateReference;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** The port that notifications are sent from. It receives from their receivers only. */
final class SinkTransport extends DefaultUdpTransportMapping {
    private static final int MAX_RECEIVERS = 256;
    private static final int MAX_MESSAGE = 8_192;

    private final Set<InetAddress> receivers =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<InetAddress, Boolean> eldest) {
                    return size() > MAX_RECEIVERS;
                }
            }));

    SinkTransport() throws IOException {
        super(new UdpAddress("0.0.0.0/0"));
        setMaxInboundMessageSize(MAX_MESSAGE);
    }

    @Override
    public synchronized void listen() throws IOException {
        super.listen();
        setThreadName("snmp-sinks");
    }

    @Override
    public void sendMessage(
            UdpAddress address, byte[] message, TransportStateReference state, long timeout, int retries)
            throws IOException {
        receivers.add(address.getInetAddress());
        super.sendMessage(address, message, state, timeout, retries);
    }

    @Override
    @SuppressWarnings("EmptyCatch") // a malformed message does not acknowledge anything
    protected void fireProcessMessage(UdpAddress address, ByteBuffer message, TransportStateReference state) {
        if (!receivers.contains(address.getInetAddress())) {
            return;
        }
        try {
            super.fireProcessMessage(address, message, state);
        } catch (RuntimeException _) {
            // The notification counts as not acknowledged.
        }
    }
}
