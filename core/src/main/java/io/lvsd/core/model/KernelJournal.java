package io.lvsd.core.model;

import io.lvsd.ipvs.model.IpvsTimeouts;
import java.util.Optional;

/**
 * What lvsd changed of the table as a whole, so that a later life can put it back.
 *
 * @param timeouts as they were found; empty: not changed
 * @param daemons whether the sync daemons are ours to stop
 */
public record KernelJournal(Optional<IpvsTimeouts> timeouts, boolean daemons) {
    public static final KernelJournal NONE = new KernelJournal(Optional.empty(), false);
}
