package io.lvsd.core.engine;

import io.lvsd.conf.model.RsId;
import io.lvsd.core.model.Ramp;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import java.time.Duration;
import java.util.Optional;

/** The slow start of real servers that have come up. */
final class SlowStart {
    private SlowStart() {}

    /**
     * Begins the slow start of a server that has just come up, unless no other server takes connections; ends it for one
     * that went down.
     *
     * @param was the server before
     */
    static VsState updated(VsState server, RsState was, long now) {
        RsId id = was.config().id();
        RsState is = server.realServer(id).orElseThrow();
        if (was.serving() == is.serving()) {
            return server;
        }
        Duration length = is.config().slowStart();
        boolean others = server.othersReceive(is);
        boolean slow = is.serving() && was.known() && others && !length.isZero();
        Optional<Ramp> ramp = slow ? Optional.of(Ramp.begin(now, length)) : Optional.empty();
        return is.ramp().equals(ramp) ? server : server.with(id, rs -> rs.with(ramp));
    }

    /** The state at a later time; the same object if nothing has changed. */
    static VsState advanced(VsState server, long now) {
        if (!server.isInSlowStart()) {
            return server;
        }
        VsState next = server;
        for (RsState rs : server.realServers()) {
            Optional<Ramp> ramp = rs.ramp().map(r -> r.at(now)).filter(r -> !r.isOver());
            if (!ramp.equals(rs.ramp())) {
                next = next.with(rs.config().id(), r -> r.with(ramp));
            }
        }
        return next;
    }
}
