package io.lvsd.conf.load;

import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.ProbeAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts one object in the place of equal ones: those of the former load in the place of new ones, so that what did not change
 * is known by its identity, and one in the place of the many equal settings of real servers, which saves heap. Used by one
 * thread.
 */
final class SharedParts {
    private final Map<Object, Object> settings = new HashMap<>();

    /** A virtual server equal to {@code now}, with the objects of {@code former} where they are equal. */
    VirtualServerConfig of(Optional<VirtualServerConfig> former, VirtualServerConfig now) {
        if (former.isPresent() && former.get().equals(now)) {
            return former.get();
        }
        Map<RsId, RealServerConfig> before = new HashMap<>();
        former.ifPresent(vs -> vs.realServers().forEach(rs -> before.put(rs.id(), rs)));
        return now.withRealServers(now.realServers().stream()
                .map(rs -> of(before.get(rs.id()), rs))
                .toList());
    }

    @SuppressWarnings("ReferenceEquality") // most real servers of a block are used again
    private RealServerConfig of(@Nullable RealServerConfig former, RealServerConfig now) {
        if (former != null && (former == now || former.equals(now))) {
            return former;
        }
        List<CheckConfig> before = former == null ? List.of() : former.checks();
        return new RealServerConfig(
                former == null ? now.id() : former.id(),
                now.name(),
                now.snmpIndex(),
                now.weight(),
                shared(now.forwarding()),
                now.upperThreshold(),
                now.lowerThreshold(),
                now.inhibitOnFailure(),
                now.proxyProtocol(),
                shared(now.slowStart()),
                shared(now.notices()),
                now.path(),
                shared(now.checkDefaults()),
                before.equals(now.checks())
                        ? before
                        : now.checks().stream().map(check -> of(before, check)).toList());
    }

    private CheckConfig of(List<CheckConfig> former, CheckConfig now) {
        return former.stream().filter(now::equals).findFirst().orElseGet(() -> {
            CheckSpec spec = former.stream()
                    .map(CheckConfig::spec)
                    .filter(now.spec()::equals)
                    .findFirst()
                    .orElseGet(() -> withSharedTimes(now.spec()));
            return new CheckConfig(
                    spec, shared(now.timing()), now.alpha(), now.logAllFailures(), shared(now.smoothing()));
        });
    }

    private CheckSpec withSharedTimes(CheckSpec spec) {
        if (!(spec instanceof CheckSpec.Remote remote)) {
            return spec;
        }
        ProbeAddress target = remote.target();
        return remote.withTarget(target.within(shared(target.deadline()), shared(target.total())));
    }

    /** The object that is used in the place of a setting. */
    @SuppressWarnings("unchecked") // the value is equal to the key, and settings are of final classes
    <T> T shared(T value) {
        return (T) settings.computeIfAbsent(value, _ -> value);
    }
}
