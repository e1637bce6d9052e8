package io.lvsd.conf.value;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A BFD session with a neighbour one hop away, RFC 5880 and 5881, asynchronous mode.
 *
 * @param source empty: chosen by the route
 * @param minReceive the least interval at which packets are taken
 * @param minSend the least interval at which packets are sent while the session is up
 * @param idleSend the interval while it is not, 1 s or more
 * @param multiplier packets that may be missed, 1 to 255
 * @param passive whether the other side must begin
 */
public record BfdInstance(
        String name,
        InetAddress neighbour,
        Optional<InetAddress> source,
        Duration minReceive,
        Duration minSend,
        Duration idleSend,
        int multiplier,
        boolean passive) {}
