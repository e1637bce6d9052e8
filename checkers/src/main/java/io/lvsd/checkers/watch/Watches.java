package io.lvsd.checkers.watch;

import io.lvsd.checkers.CheckId;
import io.lvsd.checkers.ProbeOutcome;
import io.lvsd.checkers.ProbeOutcome.Failed;
import io.lvsd.checkers.ProbeOutcome.Passed;
import io.lvsd.checkers.ProbeOutcome.Reason;
import io.lvsd.checkers.health.FileRule;
import io.lvsd.conf.model.Question;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Listens to checks that speak up by themselves. What it needs is started with the first that needs it. Thread-safe. */
public final class Watches implements AutoCloseable {
    // guarded by this
    private final Map<CheckId, IntConsumer> fileListeners = new HashMap<>();
    private @Nullable TrackedFiles files;
    private @Nullable BfdSpeaker bfd;
    private final LongPredicate pausedSince;
    private final boolean active;

    private Watches(LongPredicate pausedSince, boolean active) {
        this.pausedSince = pausedSince;
        this.active = active;
    }

    /** @param pausedSince whether this process stood still since a time of {@link System#nanoTime} */
    public Watches(LongPredicate pausedSince) {
        this(pausedSince, true);
    }

    /** Only reads: it writes no initial value into a tracked file and opens no BFD session, which a neighbour would notice. */
    public static Watches passive() {
        return new Watches(_ -> false, false);
    }

    /** What the number in a tracked file means for its check at the start of the daemon, after {@code init_file}. */
    public ProbeOutcome atStart(Question.File question) {
        if (active) {
            TrackedFiles.initialise(question.file());
            return FileRule.outcome(
                    question, TrackedFiles.valueOf(question.file().file()));
        }
        return FileRule.outcome(question, TrackedFiles.initialValue(question.file()));
    }

    /** Tells a listener what a check says, and each time it says something else; on threads that it must not block. */
    public synchronized void watch(CheckId check, Question question, Consumer<ProbeOutcome> listener) {
        switch (question) {
            case Question.File file -> {
                if (files == null) {
                    files = new TrackedFiles();
                }
                IntConsumer each = value -> listener.accept(FileRule.outcome(file, value));
                fileListeners.put(check, each);
                files.follow(file.file().file(), each);
            }
            case Question.Bfd _
            when !active -> listener.accept(new ProbeOutcome.Inconclusive("a dry run opens no BFD session"));
            case Question.Bfd session -> {
                if (bfd == null) {
                    bfd = new BfdSpeaker(pausedSince);
                }
                bfd.listen(
                        check,
                        session.instance(),
                        (up, why) -> listener.accept(up ? Passed.plain() : new Failed(Reason.BFD, why)));
            }
            case Question.Unusable _ -> {
                // It never has a result.
            }
            case Question.Probed _ -> throw new IllegalArgumentException(check + " is asked, not listened to");
        }
    }

    /** Listens to a check no more. */
    public synchronized void forget(CheckId check) {
        IntConsumer each = fileListeners.remove(check);
        if (each != null && files != null) {
            files.forget(each);
        }
        if (bfd != null) {
            bfd.forget(check);
        }
    }

    @Override
    public synchronized void close() {
        if (files != null) {
            files.close();
        }
        if (bfd != null) {
            bfd.close();
        }
    }
}
