package io.lvsd.conf.keyword;

import io.lvsd.conf.source.Origin;
import io.lvsd.conf.value.RunAs;
import java.util.List;
import java.util.Optional;

/**
 * A command line.
 *
 * @param user the user and group that it runs as, if written
 */
public record Script(List<String> argv, Optional<RunAs> user, Origin origin) {
    public Script {
        argv = List.copyOf(argv);
    }
}
