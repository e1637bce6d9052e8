package io.lvsd.conf.load;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.value.ProbePath;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Gives each probe path a mark of its own. A mark belongs to its virtual address and real server, so a reload that changes
 * others changes nothing here, except for the rare two that hash to the same one.
 */
final class ProbePaths {
    private static final int MOST = ProbePath.MARKS / 2;

    private final Set<Long> taken = new HashSet<>();

    /** Empty if there are more than 32,768. */
    Optional<ProbePath> path(InetAddress virtual, int virtualPort, RsId server) {
        if (taken.size() >= MOST) {
            return Optional.empty();
        }
        int mixed = (31 * (31 * virtual.hashCode() + virtualPort) + server.hashCode()) * 0x9e37_79b9;
        int offset = mixed >>> 16;
        while (!taken.add(ProbePath.FIRST_MARK + offset)) {
            offset = (offset + 1) % ProbePath.MARKS;
        }
        return Optional.of(new ProbePath(virtual, ProbePath.FIRST_MARK + offset));
    }
}
