package io.lvsd.core.daemon;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.loop.IpvsWriter;
import io.lvsd.core.store.Store;
import io.lvsd.snmp.mib.SystemMib.Engine;
import io.lvsd.snmp.service.SnmpService;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.snmp4j.smi.OctetString;

/** Engines of SNMPv3, whose numbers of starts are in the store of the daemon. Thread-safe. */
final class SnmpEngines implements SnmpService.Engines {
    private final IpvsWriter writer;

    /** @param writer has the store */
    SnmpEngines(IpvsWriter writer) {
        this.writer = writer;
    }

    /** @throws IOException if the start cannot be stored; the text names the file of the store and the remedy */
    @Override
    public Engine start(Optional<String> id) throws IOException {
        Store.SnmpEngine engine = started(id);
        return new Engine(OctetString.fromHexStringPairs(engine.id()), engine.boots());
    }

    private Store.SnmpEngine started(Optional<String> id) throws IOException {
        CompletableFuture<Store.SnmpEngine> started = new CompletableFuture<>();
        writer.store(store -> {
            try {
                started.complete(store.startSnmpEngine(id, SnmpAccess::freshEngineId));
            } catch (IOException | RuntimeException e) {
                started.completeExceptionally(e);
            }
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new IOException(
                        "snmp: cannot store the number of starts of the SNMPv3 engine in " + IoReason.of(cause)
                                + "; make it writable and provide disk space, or use another directory with"
                                + " --state-dir",
                        cause);
            }
            throw e;
        }
    }
}
