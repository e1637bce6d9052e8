package io.lvsd.ipvs.embedded;

import java.net.InetAddress;

/** A connection or a session of datagrams, as far as limits and timeouts are concerned. */
interface Flow {
    InetAddress source();

    /** The second of its last traffic. */
    long lastSecond();

    /** Ends it. Any thread. */
    void end(End why);

    /** Why a flow ends before its peers end it. */
    enum End {
        /** It was idle for longer than the timeout. */
        IDLE,
        /** It was the longest idle when a limit was reached. */
        LIMIT,
        /** The table is closed. */
        CLOSED
    }
}
