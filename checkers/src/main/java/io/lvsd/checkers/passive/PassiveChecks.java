package io.lvsd.checkers.passive;

import io.lvsd.checkers.health.FileRule;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.check.BfdCheck;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.FileCheck;
import io.lvsd.conf.check.UnusableCheck;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;

/**
 * The checks that report by themselves. Their threads exist from the start: a reload may need them when this host has none
 * left. Thread-safe.
 */
public final class PassiveChecks implements AutoCloseable {
    // guarded by this
    private final Map<CheckId, IntConsumer> fileListeners = new HashMap<>();
    private final TrackedFiles files = new TrackedFiles();
    /** Empty in a dry run. */
    private final Optional<BfdSpeaker> bfd;

    private PassiveChecks(Optional<BfdSpeaker> bfd) {
        this.bfd = bfd;
    }

    /** @param pausedSince whether this process was paused since a time of {@link System#nanoTime} */
    public PassiveChecks(LongPredicate pausedSince) {
        this(Optional.of(new BfdSpeaker(pausedSince)));
    }

    /** For a dry run: writes no initial value to a tracked file and opens no BFD session, which a neighbour would detect. */
    public static PassiveChecks readOnly() {
        return new PassiveChecks(Optional.empty());
    }

    /** The result of the number in a tracked file at the start of the daemon, after {@code init_file}. */
    public ProbeResult initialResult(FileCheck spec) {
        if (bfd.isPresent()) {
            TrackedFiles.initialise(spec.file());
            return FileRule.result(spec, TrackedFiles.valueOf(spec.file().file()));
        }
        return FileRule.result(spec, TrackedFiles.initialValue(spec.file()));
    }

    /** Reports the result of a check, and each change of it, to a listener, on threads that it must not block. */
    public synchronized void start(CheckId check, CheckSpec spec, Consumer<ProbeResult> listener) {
        switch (spec) {
            case FileCheck file -> {
                IntConsumer onValue = value -> listener.accept(FileRule.result(file, value));
                fileListeners.put(check, onValue);
                files.follow(file.file().file(), onValue);
            }
            case BfdCheck _
            when bfd.isEmpty() -> listener.accept(new ProbeResult.Inconclusive("a dry run opens no BFD session"));
            case BfdCheck session ->
                bfd.get()
                        .listen(
                                check,
                                session.instance(),
                                (up, reason) -> listener.accept(up ? Passed.plain() : new Failed(Reason.BFD, reason)));
            case UnusableCheck _ -> {
                // It never has a result.
            }
            case CheckSpec.Probed _ -> throw new IllegalArgumentException(check + " is not a passive check");
        }
    }

    /** Stops a check. */
    public synchronized void stop(CheckId check) {
        IntConsumer onValue = fileListeners.remove(check);
        if (onValue != null) {
            files.forget(onValue);
        }
        bfd.ifPresent(b -> b.forget(check));
    }

    @Override
    public synchronized void close() {
        files.close();
        bfd.ifPresent(BfdSpeaker::close);
    }
}
