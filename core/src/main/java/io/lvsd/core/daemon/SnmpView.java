package io.lvsd.core.daemon;

import io.lvsd.core.engine.EngineState;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.snmp.LvsView;

/** What SNMP shows of a state: made on request, and the same object until the next reading of the table. Thread-safe. */
final class SnmpView {
    private IpvsSnapshot read = IpvsSnapshot.EMPTY;
    private RowNumbers rows = RowNumbers.NONE;
    private LvsView last = view(read, rows);

    @SuppressWarnings("ReferenceEquality") // a later reading is another object
    synchronized LvsView of(EngineState state) {
        IpvsSnapshot lastRead = state.table().lastRead();
        if (lastRead != read || state.rows() != rows) {
            read = lastRead;
            rows = state.rows();
            last = view(read, rows);
        }
        return last;
    }

    private static LvsView view(IpvsSnapshot read, RowNumbers rows) {
        return new LvsView(read.without(Translation::isPath), rows.services(), rows.destinations());
    }
}
