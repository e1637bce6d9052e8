package io.lvsd.ipvs.embedded;

import io.lvsd.ipvs.embedded.scheduler.Scheduler;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.TreeSet;

/** What forwarding in user space does not support, as messages for the operator. */
public final class EmbeddedSupport {
    /** Why a destination of any other method cannot be. */
    public static final String ONLY_NAT =
            "the embedded driver forwards connections, not packets: use lvs_method NAT, or the kernel driver";

    private EmbeddedSupport() {}

    /** Why a service cannot be; empty if it can. */
    public static String reason(IpvsService service) {
        return switch (service.key()) {
            case ServiceKey.FwmarkKey _ ->
                "the embedded driver does not support firewall marks: use an address and a port, or the kernel driver";
            case ServiceKey.AddressKey(var protocol, var _, int port) -> {
                if (port == 0) {
                    yield "the embedded driver does not support services on all ports: set the port, or use the kernel"
                            + " driver";
                }
                if (protocol == Protocol.SCTP) {
                    yield "the embedded driver supports TCP and UDP only: use the kernel driver";
                }
                if (!service.persistenceEngine().isEmpty()) {
                    yield "the embedded driver does not support persistence engines: use the kernel driver";
                }
                yield Scheduler.names().contains(service.scheduler())
                        ? ""
                        : "the embedded driver has no scheduler '" + service.scheduler() + "', only "
                                + String.join(" ", new TreeSet<>(Scheduler.names()));
            }
        };
    }

    /** Why a destination cannot be; empty if it can. */
    public static String reason(IpvsDestination destination) {
        if (!destination.method().equals(ForwardingMethod.MASQ)) {
            return ONLY_NAT;
        }
        return destination.key().port() == 0 ? "the embedded driver needs the port of the real server" : "";
    }
}
