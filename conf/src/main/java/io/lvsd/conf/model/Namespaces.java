package io.lvsd.conf.model;

import java.util.Optional;

/**
 * Names of network namespaces, as under /run/netns.
 *
 * @param daemon where probes leave and the sorry server listens; empty: where lvsd was started
 * @param table whose IPVS table it is; empty: the daemon's
 */
public record Namespaces(Optional<String> daemon, Optional<String> table) {
    public static final Namespaces NONE = new Namespaces(Optional.empty(), Optional.empty());
}
