package io.lvsd.checkers;

import java.util.function.Consumer;

/** Carries out probes. */
public interface Prober extends AutoCloseable {
    /** Starts a probe and returns; {@code done} is called exactly once, on a thread of the prober's, which it must not block. */
    void probe(ProbeKey key, Consumer<ProbeOutcome> done);

    @Override
    void close();
}
