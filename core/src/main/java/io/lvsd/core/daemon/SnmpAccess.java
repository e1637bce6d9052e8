package io.lvsd.core.daemon;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.host.SecretFile;
import io.lvsd.core.host.TokenFile.UnusableException;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.operations.Overrides;
import io.lvsd.core.operations.Overrides.LastLiveException;
import io.lvsd.snmp.SnmpSource.Undo;
import io.lvsd.snmp.mib.SnmpView;
import io.lvsd.snmp.service.SnmpService;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.snmp4j.mp.MPv3;
import org.snmp4j.smi.OctetString;

/** What SNMP requests see and change. Thread-safe; no method blocks. */
final class SnmpAccess implements SnmpService.Views {
    /** Random bytes of an engine id, after the bytes that RFC 3411 demands. */
    private static final int ENGINE_BYTES = 8;

    private final SnmpViews views;
    private final Overrides overrides;
    private final Executor blocking =
            task -> Thread.ofVirtual().name("snmp-set").start(task);

    SnmpAccess(SnmpViews views, Overrides overrides) {
        this.views = views;
        this.overrides = overrides;
    }

    @Override
    public CompletableFuture<Optional<SnmpView>> view() {
        return views.view();
    }

    @Override
    public CompletableFuture<Optional<Undo>> setWeight(VsId virtualServer, RsId realServer, long weight, String user) {
        return CompletableFuture.supplyAsync(
                () -> set(virtualServer.text(), realServer.toString(), weight, user), blocking);
    }

    private Optional<Undo> set(String virtualServer, String realServer, long weight, String user) {
        Overrides.Request request = new Overrides.Request(virtualServer, realServer, false, user);
        RsOverride[] former = {RsOverride.NONE};
        Optional<Boolean> applied = change(request, override -> {
            former[0] = override;
            return override.withWeight(Optional.of(weight));
        });
        Overrides.Request forced = new Overrides.Request(virtualServer, realServer, true, user);
        UnaryOperator<RsOverride> restored =
                present -> present.equals(former[0].withWeight(Optional.of(weight))) ? former[0] : present;
        if (applied.equals(Optional.of(false))) {
            // It would come into effect later, although the request has failed.
            var _ = change(forced, restored);
        }
        return applied.filter(done -> done)
                .map(_ -> () -> CompletableFuture.supplyAsync(
                        () -> change(forced, restored).orElse(false), blocking));
    }

    /** Whether an override is in effect; empty if it was refused. */
    private Optional<Boolean> change(Overrides.Request request, UnaryOperator<RsOverride> change) {
        try {
            boolean applied = overrides.set(request, change).applied();
            views.refresh();
            return Optional.of(applied);
        } catch (LookupException | LastLiveException e) {
            return Optional.empty();
        }
    }

    /** @throws IOException if the file cannot be used; the text has the remedy */
    static String password(Path file) throws IOException {
        try {
            return SecretFile.firstLine(file);
        } catch (UnusableException e) {
            throw new IOException("snmp: " + e.getMessage() + "; " + e.hint(), e);
        }
    }

    /** An engine id for a host that has none yet, in hexadecimal digits. */
    static String freshEngineId() {
        byte[] random = new byte[ENGINE_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(MPv3.createLocalEngineID(new OctetString(random)));
    }
}
