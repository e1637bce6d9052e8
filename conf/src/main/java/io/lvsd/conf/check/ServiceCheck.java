package io.lvsd.conf.check;

import io.lvsd.conf.check.service.ServiceType;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import java.util.Optional;

/**
 * A server of a known type reports that it is ready.
 *
 * @param tls from the first byte on; empty: plain
 * @param user empty: lvsd
 * @param secret of RADIUS
 */
public record ServiceCheck(
        ProbeAddress target,
        ServiceType type,
        Optional<Tls> tls,
        Optional<String> user,
        Optional<String> database,
        Optional<String> secret)
        implements CheckSpec.Remote {
    /** The keyword that declares the check. */
    public static final String KIND = "SERVICE_CHECK";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public ServiceCheck withTarget(ProbeAddress other) {
        return new ServiceCheck(other, type, tls, user, database, secret);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Service[target=" + target + ", type=" + type + ", tls=" + tls + ", user=" + user + ", database="
                + database + ", secret=" + secret.map(String::hashCode) + "]";
    }
}
