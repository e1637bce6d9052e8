package io.lvsd.core.model;

import io.lvsd.ipvs.model.IpvsTimeouts;
import java.util.Optional;

/**
 * Global IPVS settings that lvsd changed, so that a later run can restore them.
 *
 * @param timeouts as they were found; empty if not changed
 * @param daemons whether the sync daemons are ours to stop
 */
public record KernelJournal(Optional<IpvsTimeouts> timeouts, boolean daemons) {
    public static final KernelJournal NONE = new KernelJournal(Optional.empty(), false);
}
