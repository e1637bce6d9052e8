package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import java.util.Optional;

/**
 * grpc.health.v1: the service is SERVING.
 *
 * @param tls empty: h2c
 * @param service empty string: the server as a whole
 */
public record GrpcCheck(ProbeAddress target, Optional<Tls> tls, String service) implements CheckSpec.Remote {
    /** The keyword that declares the check. */
    public static final String KIND = "GRPC_CHECK";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public GrpcCheck withTarget(ProbeAddress other) {
        return new GrpcCheck(other, tls, service);
    }
}
