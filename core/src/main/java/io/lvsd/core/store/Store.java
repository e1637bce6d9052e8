package io.lvsd.core.store;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.log.LastingFailure;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.MaintenanceEntry;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.StoredResult;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.ipvs.model.ServiceKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Persistent state, in one append-only file that is rewritten when it has grown. If the file cannot be written, the daemon
 * continues without it, and writing is retried with each heartbeat. Used by one thread.
 */
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private final @Nullable StoreFile file;
    private final StoreState state;
    /** Why there is no file although one was wanted. */
    private final Optional<String> unusable;

    private final LastingFailure failure = new LastingFailure();
    /** Records that {@link #together} writes at its end. */
    private final List<StoreRecord> collected = new ArrayList<>();

    private boolean collects;

    private Store(@Nullable StoreFile file, StoreState state, Optional<String> unusable) {
        this.file = file;
        this.state = state;
        this.unusable = unusable;
    }

    /** Another daemon uses the directory. */
    public static final class InUseException extends Exception {
        private static final long serialVersionUID = 1L;

        InUseException(Path directory, String pid) {
            super("another lvsd uses " + directory + (pid.isBlank() ? "" : ": process " + pid.strip()));
        }
    }

    /**
     * Opens the store of a directory, which is created if necessary. A store of another version is moved aside. If the
     * directory or the store cannot be used, this is logged and state is not persisted.
     *
     * @throws InUseException if another daemon has locked it; the message contains its process id
     */
    public static Store open(Path directory) throws InUseException {
        try {
            PrivateDirectory.create(directory);
            StoreFile file = StoreFile.lock(directory);
            Store store = new Store(file, file.load(), Optional.empty());
            store.rewrite(file);
            return store;
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn()
                    .addKeyValue("dir", directory)
                    .addKeyValue("reason", IoReason.withFile(e))
                    .addKeyValue("effect", "state is not persisted")
                    .addKeyValue("remedy", "use a directory that only this daemon writes, with --state-dir")
                    .log("store.failed");
            return new Store(
                    null, new StoreState(), Optional.of(StoreFile.in(directory) + ": " + IoReason.withFile(e)));
        }
    }

    /** A store that is never written: its state is lost at the end of the process. */
    public static Store inMemory() {
        return new Store(null, new StoreState(), Optional.empty());
    }

    public StoreState state() {
        return state;
    }

    /** Records the state of a check. */
    public void result(CheckId check, StoredResult state) {
        append(List.of(new StoreRecord.Result(check.toString(), state)));
    }

    /** Records the state of the quorum of a virtual server. */
    public void quorum(VsId server, StoredResult state) {
        append(List.of(new StoreRecord.Quorum(server.text(), state)));
    }

    public void removeQuorum(VsId server) {
        append(List.of(new StoreRecord.QuorumRemoved(server.text())));
    }

    public void removeResult(CheckId check) {
        append(List.of(new StoreRecord.ResultRemoved(check.toString())));
    }

    /** Records the override of a real server; {@code NONE} removes it. */
    public void override(RsRef server, RsOverride value) {
        append(List.of(new StoreRecord.ServerOverride(server, value)));
    }

    /** Records the maintenance of a virtual server; empty removes it. */
    public void maintenance(VsId server, Optional<MaintenanceEntry> entry) {
        append(List.of(entry.<StoreRecord>map(e -> new StoreRecord.ServerMaintenance(server, e))
                .orElseGet(() -> new StoreRecord.MaintenanceRemoved(server))));
    }

    /** Records the global IPVS settings that are to be restored. */
    public void kernel(KernelJournal journal) {
        append(List.of(new StoreRecord.Kernel(journal)));
    }

    public void own(Set<ServiceKey> services) {
        append(services.stream().<StoreRecord>map(StoreRecord.Owned::new).toList());
    }

    public void disown(Set<ServiceKey> services) {
        append(services.stream().<StoreRecord>map(StoreRecord.Disowned::new).toList());
    }

    /** Records that the daemon runs, and so that the results are valid, at a time of this boot. */
    public void heartbeat(String bootId, long uptimeMillis) {
        if (file != null && !file.isOpen()) {
            rewrite(file);
        }
        append(List.of(new StoreRecord.Heartbeat(bootId, uptimeMillis)));
    }

    /** Records the value of a kernel setting before it is changed. */
    public void sysctl(String path, String original) {
        append(List.of(new StoreRecord.Sysctl(path, original)));
    }

    public void sysctlRestored(String path) {
        append(List.of(new StoreRecord.SysctlRestored(path)));
    }

    /**
     * Records row numbers that are new or changed. Those that are known keep the day on which they were last used.
     *
     * @param today days since 1970-01-01, as for the next method
     */
    public void rows(RowNumbers rows, long today) {
        append(state.rowRecords(rows, today));
    }

    /** Records that rows are in use today, and forgets all those that were not used within the last 90 days. */
    public void rowsUsed(RowNumbers used, long today) {
        append(state.useRecords(used, today));
        if (!state.expiredRows(today).equals(RowNumbers.NONE)) {
            append(List.of(new StoreRecord.RowsForgotten(today)));
        }
    }

    /**
     * Starts an engine of SNMPv3: counts one more start, and waits until that is on the disk. A number that could not be stored
     * is not used later either.
     *
     * @param id in hexadecimal digits; empty: that of the engine that was started last, or {@code fresh} if there is none or its start
     *     cannot be stored: a new engine may start with 1
     * @return number of its starts, 1 or more
     * @throws IOException if the start of an engine with this id cannot be stored; the text names the file
     */
    public SnmpEngine startSnmpEngine(Optional<String> id, Supplier<String> fresh) throws IOException {
        if (unusable.isPresent() && id.isPresent()) {
            // An engine with a new id may start with 1; this one may have been started before.
            throw new IOException(unusable.get());
        }
        String used = id.or(state::lastSnmpEngine).orElseGet(fresh);
        StoreRecord.SnmpEngine next = new StoreRecord.SnmpEngine(used, state.snmpBoots(used) + 1);
        state.apply(next);
        try {
            if (file != null) {
                persist(file, next);
            }
        } catch (IOException e) {
            if (id.isPresent()) {
                throw e;
            }
            return new SnmpEngine(fresh.get(), 1);
        }
        return new SnmpEngine(used, next.boots());
    }

    /**
     * The engine of SNMPv3.
     *
     * @param id in hexadecimal digits
     * @param boots number of its starts, this one included
     */
    public record SnmpEngine(String id, int boots) {}

    /** Records several things with one write to the file. */
    public void together(List<Consumer<Store>> writes) {
        collects = true;
        try {
            writes.forEach(write -> write.accept(this));
        } finally {
            collects = false;
            write(List.copyOf(collected));
            collected.clear();
        }
    }

    private void append(List<StoreRecord> records) {
        records.forEach(state::apply);
        if (collects) {
            collected.addAll(records);
        } else {
            write(records);
        }
    }

    private void write(List<StoreRecord> records) {
        if (file == null || !file.isOpen() || records.isEmpty()) {
            return;
        }
        try {
            file.append(records);
            if (file.isLarge()) {
                file.rewrite(state.records());
            }
        } catch (IOException e) {
            failed(file, e);
        }
    }

    /** Writes one record, and waits until it is on the disk. */
    private void persist(StoreFile to, StoreRecord record) throws IOException {
        try {
            if (to.isOpen()) {
                to.append(List.of(record));
                to.force();
            } else {
                replace(to);
            }
        } catch (IOException e) {
            failed(to, e);
            throw new IOException(to.path() + ": " + IoReason.of(e), e);
        }
    }

    private void rewrite(StoreFile to) {
        try {
            replace(to);
        } catch (IOException e) {
            failed(to, e);
        }
    }

    /** Writes the whole state, so that nothing is missing that was recorded while the file could not be written. */
    private void replace(StoreFile to) throws IOException {
        to.rewrite(state.records());
        if (failure.isActive()) {
            failure.recovered(LOG.atInfo().addKeyValue("file", to.path())).log("store.recovered");
        }
    }

    private void failed(StoreFile to, IOException e) {
        to.suspend();
        if (failure.failed()) {
            LOG.atWarn()
                    .addKeyValue("file", to.path())
                    .addKeyValue("reason", IoReason.withFile(e))
                    .addKeyValue("effect", "state is not persisted until the file can be written")
                    .log("store.failed");
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
