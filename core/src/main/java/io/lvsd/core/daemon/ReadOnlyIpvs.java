package io.lvsd.core.daemon;

import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsGlobals;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/** A table that can only be read: shadow mode must not write, whatever the engine plans. */
final class ReadOnlyIpvs implements IpvsClient {
    private final IpvsClient table;

    ReadOnlyIpvs(IpvsClient table) {
        this.table = table;
    }

    @Override
    public IpvsSnapshot read() {
        return table.read();
    }

    @Override
    public IpvsGlobals globals() {
        return table.globals();
    }

    @Override
    public List<ServiceKey> list() {
        return table.list();
    }

    @Override
    public SortedMap<ServiceKey, ServiceState> read(Collection<ServiceKey> keys) {
        return table.read(keys);
    }

    /** @throws IllegalStateException always */
    @Override
    public List<ApplyResult> apply(List<IpvsCommand> commands) {
        throw new IllegalStateException("shadow mode sends no commands, planned were " + commands);
    }

    @Override
    public void close() {
        table.close();
    }
}
