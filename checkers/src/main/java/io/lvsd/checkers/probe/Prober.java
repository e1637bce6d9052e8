package io.lvsd.checkers.probe;

import java.util.List;
import java.util.function.Consumer;

/** Carries out probes. */
public interface Prober extends AutoCloseable {
    /**
     * A probe that is to be made.
     *
     * @param done called exactly once, on any thread, which it must not block
     */
    record Start(ProbeKey key, Consumer<ProbeReport> done) {}

    /** Starts probes and returns. */
    void probe(List<Start> starts);

    @Override
    void close();
}
