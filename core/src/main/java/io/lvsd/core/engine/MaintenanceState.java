package io.lvsd.core.engine;

import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.MaintenanceConfig;
import java.time.Instant;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * What decides about maintenance besides the configuration; the maintenance in effect is part of each virtual server.
 *
 * @param time the wall clock at the last tick
 * @param overridden blocks of the configuration that have no effect, because a command ended the maintenance
 */
public record MaintenanceState(Instant time, PMap<VsId, MaintenanceConfig> overridden) {
    static final MaintenanceState EMPTY = new MaintenanceState(Instant.EPOCH, HashTreePMap.empty());
}
