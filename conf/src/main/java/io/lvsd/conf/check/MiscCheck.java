package io.lvsd.conf.check;

import io.lvsd.conf.value.RunAs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A script exits with status 0.
 *
 * @param argv the program and its arguments
 * @param timeout after which it is killed
 * @param dynamic whether status 2 to 255 passes and is a weight
 */
public record MiscCheck(List<String> argv, Duration timeout, boolean dynamic, Optional<RunAs> user)
        implements CheckSpec.Probed {
    /** The keyword that declares the check. */
    public static final String KIND = "MISC_CHECK";

    public MiscCheck {
        argv = List.copyOf(argv);
    }

    @Override
    public String kind() {
        return KIND;
    }
}
