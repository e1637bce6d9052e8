package io.lvsd.core.plan;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One difference between the table that lvsd wants and the table that another program maintains. A destination with weight 0
 * counts as absent, as it receives no new connections either way.
 *
 * @param wanted in words
 * @param actual in words
 */
public record TableDifference(Subject subject, Kind kind, String wanted, String actual) {
    private static final String ABSENT = "absent";

    /**
     * What it is about.
     *
     * @param destination empty: the service itself
     */
    public record Subject(ServiceKey service, Optional<DestinationKey> destination) {}

    /** What differs. */
    public enum Kind {
        /** It is wanted, and not in the table. */
        MISSING,
        /** It is in the table, and not wanted. */
        EXTRA,
        /** Another weight. */
        WEIGHT,
        /** Another scheduler, persistence or forwarding method. */
        SETTINGS
    }

    /**
     * The sorry server of a service, which lvsd may program at another address than the configured one.
     *
     * @param programmed by lvsd
     * @param configured as written in the configuration
     */
    public record SorryAlias(DestinationKey programmed, DestinationKey configured) {}

    /** The differences of one service. */
    public static Map<Subject, TableDifference> of(
            ServiceKey key, WantedService wanted, @Nullable ServiceState actual, Optional<SorryAlias> sorry) {
        Map<Subject, TableDifference> found = new LinkedHashMap<>();
        if (actual == null) {
            add(found, key, Optional.empty(), Kind.MISSING, text(wanted.config()), ABSENT);
            return found;
        }
        if (!settings(wanted.config()).equals(settings(actual.config()))) {
            add(found, key, Optional.empty(), Kind.SETTINGS, text(wanted.config()), text(actual.config()));
        }
        Map<DestinationKey, IpvsDestination> present = present(wanted, actual, sorry);
        wanted.destinations().forEach((destination, should) -> {
            IpvsDestination is = present.get(destination);
            compare(key, should, is).ifPresent(d -> found.put(d.subject(), d));
        });
        present.forEach((destination, is) -> {
            if (!wanted.destinations().containsKey(destination) && is.usable()) {
                add(found, key, Optional.of(destination), Kind.EXTRA, ABSENT, "weight " + is.weight());
            }
        });
        return found;
    }

    private static Optional<TableDifference> compare(
            ServiceKey key, IpvsDestination should, @Nullable IpvsDestination is) {
        Subject subject = new Subject(key, Optional.of(should.key()));
        if (is == null) {
            return should.usable()
                    ? Optional.of(new TableDifference(subject, Kind.MISSING, "weight " + should.weight(), ABSENT))
                    : Optional.empty();
        }
        if (should.usable() != is.usable()) {
            return Optional.of(new TableDifference(
                    subject,
                    should.usable() ? Kind.MISSING : Kind.EXTRA,
                    "weight " + should.weight(),
                    "weight " + is.weight()));
        }
        if (should.weight() != is.weight()) {
            return Optional.of(
                    new TableDifference(subject, Kind.WEIGHT, "weight " + should.weight(), "weight " + is.weight()));
        }
        return should.method().equals(is.method())
                ? Optional.empty()
                : Optional.of(new TableDifference(
                        subject,
                        Kind.SETTINGS,
                        should.method().word(),
                        is.method().word()));
    }

    /** Destinations of the table, with the sorry server under the address that lvsd would program. */
    private static Map<DestinationKey, IpvsDestination> present(
            WantedService wanted, ServiceState actual, Optional<SorryAlias> sorry) {
        Map<DestinationKey, IpvsDestination> present = new HashMap<>();
        for (DestinationState state : actual.destinations().values()) {
            DestinationKey key = state.config().key();
            IpvsDestination should = sorry.filter(s -> s.configured().equals(key))
                    .map(s -> wanted.destinations().get(s.programmed()))
                    .orElse(null);
            if (should == null) {
                present.put(key, state.config());
            } else {
                present.put(should.key(), state.config().usable() ? should : should.withWeight(0));
            }
        }
        return present;
    }

    /** Without flags that the kernel sets itself. */
    private static IpvsService settings(IpvsService service) {
        return new IpvsService(
                service.key(),
                service.scheduler(),
                service.flags() & ~IpvsService.HASHED,
                service.persistenceTimeout(),
                service.netmask(),
                service.persistenceEngine());
    }

    private static String text(IpvsService service) {
        return "scheduler " + service.scheduler()
                + (service.persistenceTimeout() > 0 ? ", persistence " + service.persistenceTimeout() + " s" : "")
                + (service.persistenceEngine().isEmpty() ? "" : ", engine " + service.persistenceEngine());
    }

    private static void add(
            Map<Subject, TableDifference> found,
            ServiceKey key,
            Optional<DestinationKey> destination,
            Kind kind,
            String wanted,
            String actual) {
        Subject subject = new Subject(key, destination);
        found.put(subject, new TableDifference(subject, kind, wanted, actual));
    }
}
