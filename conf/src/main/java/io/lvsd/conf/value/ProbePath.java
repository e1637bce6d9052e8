package io.lvsd.conf.value;

import java.net.InetAddress;

/**
 * How probes reach a real server on the way that its clients' packets take: to the virtual address, and through a service
 * of the table that has this one destination.
 *
 * @param address the virtual one
 * @param mark SO_MARK of the probes and key of the service
 */
public record ProbePath(InetAddress address, long mark) {
    /** Marks of probe paths: these and the 65,535 after it are lvsd's. */
    public static final long FIRST_MARK = 0x4c56_0000L;

    public static final int MARKS = 0x1_0000;

    /** Whether a mark is one of those that lvsd gives. */
    public static boolean isMark(long mark) {
        return mark >= FIRST_MARK && mark < FIRST_MARK + MARKS;
    }
}
