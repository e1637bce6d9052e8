package io.lvsd.core.view;

import io.lvsd.conf.value.Driver;
import io.lvsd.ipvs.embedded.EmbeddedIpvs.Endings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What works on the table.
 *
 * @param driver never {@code AUTO}
 * @param endings what the embedded driver holds, and had to end itself
 * @param withheld what a dry run did not do; empty for other drivers
 */
public record DriverStatus(Driver driver, Optional<Endings> endings, Optional<Withheld> withheld) {
    public DriverStatus(Driver driver, Optional<Endings> endings) {
        this(driver, endings, Optional.empty());
    }

    /**
     * Effects outside the process that did not take place.
     *
     * @param count since the start
     * @param last descriptions of the last ones, oldest first
     */
    public record Withheld(long count, List<String> last) {
        public Withheld {
            last = List.copyOf(last);
        }
    }

    public DriverStatus with(Withheld effects) {
        return new DriverStatus(driver, endings, Optional.of(effects));
    }

    /** The word of the configuration. */
    public String word() {
        return driver.name().toLowerCase(Locale.ROOT);
    }

    public boolean dryRun() {
        return driver == Driver.MEMORY;
    }
}
