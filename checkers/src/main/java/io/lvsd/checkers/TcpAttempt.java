package io.lvsd.checkers;

import io.lvsd.conf.model.ProbeAddress;
import java.util.function.Consumer;

/** A connection that is established and closed. */
final class TcpAttempt extends StreamAttempt {
    TcpAttempt(ProbeLoop loop, ProbeAddress where, Consumer<ProbeReport> done) {
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
