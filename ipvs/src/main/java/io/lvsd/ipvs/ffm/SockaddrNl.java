package io.lvsd.ipvs.ffm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sockaddr_nl}, linux/netlink.h. Host byte order.
 *
 * @param portId {@code nl_pid}; 0 lets the kernel choose one
 * @param groups {@code nl_groups}, a bit mask of multicast groups; the IPVS family has none
 */
public record SockaddrNl(int portId, int groups) {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    JAVA_SHORT.withName("nl_family"),
                    JAVA_SHORT.withName("nl_pad"),
                    JAVA_INT.withName("nl_pid"),
                    JAVA_INT.withName("nl_groups"))
            .withName("sockaddr_nl");

    MemorySegment allocate(Arena arena) {
        MemorySegment segment = arena.allocate(LAYOUT);
        segment.set(JAVA_SHORT, offset("nl_family"), (short) Libc.AF_NETLINK);
        segment.set(JAVA_INT, offset("nl_pid"), portId);
        segment.set(JAVA_INT, offset("nl_groups"), groups);
        return segment;
    }

    static long offset(String field) {
        return LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }
}
