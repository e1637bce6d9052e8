package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.conf.value.ProbeAddress;
import java.util.function.Consumer;

/** A connection that is established and closed. */
public final class TcpAttempt extends StreamAttempt {
    public TcpAttempt(ProbeLoop loop, ProbeAddress where, Consumer<ProbeReport> done) {
        super(loop, where, done);
    }

    @Override
    void established() {
        pass();
    }

    @Override
    void readable() {
        // What the server says is not asked for.
    }

    @Override
    void writable() {
        // Nothing is sent.
    }
}
