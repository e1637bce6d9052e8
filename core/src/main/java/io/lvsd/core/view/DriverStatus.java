package io.lvsd.core.view;

import io.lvsd.conf.model.LvsdConfig.Driver;
import io.lvsd.ipvs.embedded.EmbeddedIpvs.Endings;
import java.util.Locale;
import java.util.Optional;

/**
 * What works on the table.
 *
 * @param driver never {@code AUTO}
 * @param endings what the embedded driver holds, and had to end itself
 */
public record DriverStatus(Driver driver, Optional<Endings> endings) {
    /** The word of the configuration. */
    public String word() {
        return driver.name().toLowerCase(Locale.ROOT);
    }

    public boolean dryRun() {
        return driver == Driver.MEMORY;
    }
}
