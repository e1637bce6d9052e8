package io.lvsd.ipvs.embedded.flow;

import java.net.InetAddress;

/** A connection or a session of datagrams, as far as limits and timeouts are concerned. */
public interface Flow {
    InetAddress source();

    /** The second of its last traffic. */
    long lastSecond();

    /** Ends it before its peers do: it is idle for too long, a limit is reached, or the table is closed. Any thread. */
    void end();
}
