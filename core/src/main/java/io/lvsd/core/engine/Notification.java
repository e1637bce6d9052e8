package io.lvsd.core.engine;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.Program;

/** One notification, complete, in the words of keepalived. */
public sealed interface Notification {
    /** A line for every FIFO, without its end. */
    record Line(String text) implements Notification {}

    /**
     * A script.
     *
     * @param subject the server that it is about; scripts with one subject run one after the other
     */
    record Run(String subject, Program program) implements Notification {}

    /** A change of state for the receivers of SNMP notifications. */
    sealed interface StateChange extends Notification {}

    /**
     * A real server came up or went down.
     *
     * @param alive real servers of the virtual server of which no check is down
     * @param total configured real servers
     */
    record RealServerState(VirtualServerConfig server, RsId real, boolean up, long alive, long total)
            implements StateChange {}

    /**
     * A quorum was gained or lost, or a stop removes the table, as {@link QuorumChange} has it.
     *
     * @param alive real servers of which no check is down
     * @param total configured real servers
     */
    record QuorumState(VirtualServerConfig server, QuorumChange change, long alive, long total)
            implements StateChange {}

    /** What became of a quorum. */
    enum QuorumChange {
        /** It is met. */
        GAINED,
        /** It is not met, or a reload removed a virtual server whose quorum was met. */
        LOST,
        /** A stop removes the virtual server from the table, whether the quorum was met or not. */
        SHUTDOWN
    }

    /**
     * A mail of one line.
     *
     * @param subject behind the director's name in brackets
     */
    record Mail(String subject, String body) implements Notification {}
}
