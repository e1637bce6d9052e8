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
 * Listens to checks that speak up by themselves. Its threads exist from the start: a reload may need them when this host has
 * none left. Thread-safe.
 */
public final class PassiveChecks implements AutoCloseable {
    // guarded by this
    private final Map<CheckId, IntConsumer> fileListeners = new HashMap<>();
    private final TrackedFiles files = new TrackedFiles();
    /** Empty if it only reads. */
    private final Optional<BfdSpeaker> bfd;

    private PassiveChecks(Optional<BfdSpeaker> bfd) {
        this.bfd = bfd;
    }

    /** @param pausedSince whether this process stood still since a time of {@link System#nanoTime} */
    public PassiveChecks(LongPredicate pausedSince) {
        this(Optional.of(new BfdSpeaker(pausedSince)));
    }

    /** Only reads: it writes no initial value into a tracked file and opens no BFD session, which a neighbour would notice. */
    public static PassiveChecks passive() {
        return new PassiveChecks(Optional.empty());
    }

    /** What the number in a tracked file means for its check at the start of the daemon, after {@code init_file}. */
    public ProbeResult atStart(FileCheck spec) {
        if (bfd.isPresent()) {
            TrackedFiles.initialise(spec.file());
            return FileRule.outcome(spec, TrackedFiles.valueOf(spec.file().file()));
        }
        return FileRule.outcome(spec, TrackedFiles.initialValue(spec.file()));
    }

    /** Tells a listener what a check says, and each time it says something else; on threads that it must not block. */
    public synchronized void watch(CheckId check, CheckSpec spec, Consumer<ProbeResult> listener) {
        switch (spec) {
            case FileCheck file -> {
                IntConsumer each = value -> listener.accept(FileRule.outcome(file, value));
                fileListeners.put(check, each);
                files.follow(file.file().file(), each);
            }
            case BfdCheck _
            when bfd.isEmpty() -> listener.accept(new ProbeResult.Inconclusive("a dry run opens no BFD session"));
            case BfdCheck session ->
                bfd.get()
                        .listen(
                                check,
                                session.instance(),
                                (up, why) -> listener.accept(up ? Passed.plain() : new Failed(Reason.BFD, why)));
            case UnusableCheck _ -> {
                // It never has a result.
            }
            case CheckSpec.Probed _ -> throw new IllegalArgumentException(check + " is asked, not listened to");
        }
    }

    /** Listens to a check no more. */
    public synchronized void forget(CheckId check) {
        IntConsumer each = fileListeners.remove(check);
        if (each != null) {
            files.forget(each);
        }
        bfd.ifPresent(b -> b.forget(check));
    }

    @Override
    public synchronized void close() {
        files.close();
        bfd.ifPresent(BfdSpeaker::close);
    }
}
