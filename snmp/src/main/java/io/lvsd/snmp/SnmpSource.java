package io.lvsd.snmp;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.snmp.mib.MibTree;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What requests are answered from, and what they may change. Thread-safe; no method blocks. */
public interface SnmpSource {
    /**
     * The present tree, whose counters are at most as old as the configured interval; usually it is there at once, else it
     * completes when the table was read, at the latest after some 100 ms. Empty before the engine has started.
     */
    CompletableFuture<Optional<MibTree>> tree();

    /** Restores what a change has replaced, unless it was changed again. */
    interface Undo {
        /** @return whether it is done */
        CompletableFuture<Boolean> undo();

        /** Undoes a change as soon as it is in effect; one that is refused needs no undo. */
        static CompletableFuture<Boolean> of(CompletableFuture<Optional<Undo>> change) {
            return change.exceptionally(_ -> Optional.empty())
                    .thenCompose(undo -> undo.map(Undo::undo).orElseGet(() -> CompletableFuture.completedFuture(true)));
        }
    }

    /**
     * Overrides the weight of a real server.
     *
     * @param weight 0 to 2147483647
     * @param user who requests it, for the log
     * @return restores what it replaced; it is in effect then. Empty if it is not: the real server is unknown, or the last one that
     *     receives connections
     */
    CompletableFuture<Optional<Undo>> setWeight(VsId virtualServer, RsId realServer, long weight, String user);
}
