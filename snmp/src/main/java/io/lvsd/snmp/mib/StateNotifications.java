package io.lvsd.snmp.mib;

import static io.lvsd.snmp.mib.KeepalivedMib.below;
import static io.lvsd.snmp.mib.Values.integer;
import static io.lvsd.snmp.mib.Values.text;
import static io.lvsd.snmp.mib.Values.unsigned;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import java.util.ArrayList;
import java.util.List;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * The notifications of KEEPALIVED-MIB, 1.3.6.1.4.1.9586.100.5.3.5.0. As keepalived's, they name columns without an instance. Pure.
 */
public final class StateNotifications {
    private StateNotifications() {}

    /** A notification: its identifier, and what follows {@code snmpTrapOID} in it. */
    public record Content(OID id, List<VariableBinding> bindings) {
        public Content {
            bindings = List.copyOf(bindings);
        }
    }

    /** The state of a quorum, with its number in the MIB. */
    public enum QuorumStatus {
        MET(1),
        NOT_MET(2),
        SHUTDOWN(3);

        private final int number;

        QuorumStatus(int number) {
            this.number = number;
        }
    }

    /**
     * How many of the real servers of a virtual server are up.
     *
     * @param up real servers of which no check is down
     * @param total configured real servers
     */
    public record Counts(long up, long total) {}

    /** {@code realServerStateChange}: a real server came up or went down. */
    public static Content realServer(
            VirtualServerConfig server, RsId real, boolean up, Counts counts, String routerId) {
        List<VariableBinding> bindings = new ArrayList<>();
        bindings.add(real(3, Values.addressType(real.address())));
        bindings.add(real(4, Values.address(real.address())));
        bindings.add(real(5, unsigned(real.port())));
        bindings.add(real(6, integer(up ? 1 : 2)));
        bindings.addAll(identity(server));
        bindings.addAll(counts(counts, routerId));
        return new Content(below(KeepalivedMib.NOTIFICATIONS, 1), bindings);
    }

    /** {@code virtualServerQuorumStateChange}: a quorum was gained or lost, or a stop removes the virtual server. */
    public static Content quorum(VirtualServerConfig server, QuorumStatus status, Counts counts, String routerId) {
        List<VariableBinding> bindings = new ArrayList<>(identity(server));
        bindings.add(virtual(23, integer(status.number)));
        bindings.add(virtual(22, unsigned(server.quorum())));
        bindings.addAll(counts(counts, routerId));
        return new Content(below(KeepalivedMib.NOTIFICATIONS, 2), bindings);
    }

    private static List<VariableBinding> identity(VirtualServerConfig server) {
        List<VariableBinding> bindings = new ArrayList<>();
        VirtualServerColumns.Type type = VirtualServerColumns.Type.of(server);
        bindings.add(virtual(2, integer(type.number())));
        switch (type) {
            case GROUP -> bindings.add(virtual(3, text(VirtualServerColumns.group(server))));
            case FWMARK -> bindings.add(virtual(4, unsigned(VirtualServerColumns.mark(server))));
            case IP -> {
                Target.Address target = VirtualServerColumns.address(server);
                bindings.add(virtual(5, Values.addressType(target.address())));
                bindings.add(virtual(6, Values.address(target.address())));
                bindings.add(virtual(7, unsigned(target.port())));
            }
        }
        bindings.add(virtual(8, VirtualServerColumns.protocol(server)));
        return bindings;
    }

    private static List<VariableBinding> counts(Counts counts, String routerId) {
        return List.of(
                virtual(21, unsigned(counts.up())),
                virtual(20, unsigned(counts.total())),
                new VariableBinding(new OID(KeepalivedMib.ROUTER_ID.getValue(), 0), text(routerId)));
    }

    private static VariableBinding virtual(int column, Variable value) {
        return new VariableBinding(below(KeepalivedMib.VIRTUAL_SERVER, column), value);
    }

    private static VariableBinding real(int column, Variable value) {
        return new VariableBinding(below(KeepalivedMib.REAL_SERVER, column), value);
    }
}
