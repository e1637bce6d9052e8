package io.lvsd.core.demo;

import io.lvsd.snmp.mib.LvsMib;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snmp4j.CommunityTarget;
import org.snmp4j.PDU;
import org.snmp4j.Snmp;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/** An SNMP walk over LVS-MIB, by UDP. */
final class DemoWalk {
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int PER_REQUEST = 30;

    private DemoWalk() {}

    /** All values below the root of the MIB, by the remaining object identifier, such as {@code 17.1.10.1}. */
    static SortedMap<OID, Variable> walk(InetSocketAddress agent, String community) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        CommunityTarget<UdpAddress> target =
                new CommunityTarget<>(new UdpAddress(agent.getAddress(), agent.getPort()), new OctetString(community));
        target.setVersion(SnmpConstants.version2c);
        target.setTimeout(TIMEOUT_MILLIS);
        target.setRetries(1);
        SortedMap<OID, Variable> values = new TreeMap<>();
        try (Snmp client = new Snmp(new DefaultUdpTransportMapping(new UdpAddress(loopback, 0)))) {
            client.listen();
            OID last = LvsMib.BASE;
            while (last != null) {
                PDU request = new PDU();
                request.setType(PDU.GETBULK);
                request.setMaxRepetitions(PER_REQUEST);
                request.add(new VariableBinding(last));
                PDU response = client.send(request, target).getResponse();
                if (response == null) {
                    throw new IOException("timeout: no response from the SNMP agent");
                }
                last = addValues(response, values);
            }
        }
        return values;
    }

    /** Adds the values of a response. Returns the last identifier, or null at the end of the MIB. */
    private static @org.jspecify.annotations.Nullable OID addValues(PDU response, SortedMap<OID, Variable> values) {
        OID last = null;
        for (VariableBinding binding : response.getVariableBindings()) {
            if (!binding.getOid().startsWith(LvsMib.BASE)
                    || binding.getVariable().isException()) {
                return null;
            }
            last = binding.getOid();
            values.put(
                    new OID(last.getValue(), LvsMib.BASE.size(), last.size() - LvsMib.BASE.size()),
                    binding.getVariable());
        }
        return last;
    }
}
