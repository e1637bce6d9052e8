package io.lvsd.core.view;

import io.lvsd.conf.value.Driver;
import io.lvsd.ipvs.embedded.EmbeddedIpvs.Endings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The driver, and what it reports about itself.
 *
 * @param driver never {@code AUTO}
 * @param endings connections of the embedded driver, and how many it ended itself
 * @param withheld effects that a dry run did not carry out; empty for other drivers
 * @param shadowOf the program that maintains the table, in shadow mode
 */
public record DriverStatus(
        Driver driver, Optional<Endings> endings, Optional<Withheld> withheld, Optional<String> shadowOf) {
    public DriverStatus(Driver driver, Optional<Endings> endings) {
        this(driver, endings, Optional.empty(), Optional.empty());
    }

    /**
     * Effects outside the process that were not carried out.
     *
     * @param count since start
     * @param last descriptions of the last ones, oldest first
     */
    public record Withheld(long count, List<String> last) {
        public Withheld {
            last = List.copyOf(last);
        }
    }

    public DriverStatus with(Withheld effects) {
        return new DriverStatus(driver, endings, Optional.of(effects), shadowOf);
    }

    /** The driver's name in the configuration. */
    public String word() {
        return driver.name().toLowerCase(Locale.ROOT);
    }

    public boolean dryRun() {
        return driver == Driver.MEMORY || shadowOf.isPresent();
    }
}
