package io.lvsd.conf.model;

import java.net.InetAddress;
import java.util.List;

/**
 * A {@code virtual_server_group}.
 *
 * @param members its lines as written: addresses, then firewall marks, each in the order of the file
 */
public record GroupConfig(String name, List<Member> members) {
    public GroupConfig {
        members = List.copyOf(members);
    }

    /** One line of a group. */
    public sealed interface Member {
        /**
         * One address, or a range.
         *
         * @param last the same as {@code first} for one address
         * @param port 0 is none
         */
        record Addresses(InetAddress first, InetAddress last, int port) implements Member {}

        /** @param mark 1 to 2^32-1 */
        record Fwmark(long mark) implements Member {}
    }
}
