package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The virtual servers that differ between two configurations. A different order of virtual servers does not count.
 *
 * @param former those that were removed or changed, as they were, in the order of the former configuration
 * @param next those that were added or changed, as they are, in the order of the next configuration
 */
record ConfigDifference(List<VirtualServerConfig> former, List<VirtualServerConfig> next) {
    ConfigDifference {
        former = List.copyOf(former);
        next = List.copyOf(next);
    }

    /**
     * Compares two configurations. An unchanged block of a file gives the same object at a reload, so most virtual servers are
     * compared by a pointer.
     */
    @SuppressWarnings("ReferenceEquality")
    static ConfigDifference between(DaemonConfig before, DaemonConfig after) {
        List<VirtualServerConfig> former = before.virtualServers();
        List<VirtualServerConfig> next = after.virtualServers();
        int start = 0;
        while (start < former.size() && start < next.size() && former.get(start) == next.get(start)) {
            start++;
        }
        int end = 0;
        while (end < former.size() - start
                && end < next.size() - start
                && former.get(former.size() - 1 - end) == next.get(next.size() - 1 - end)) {
            end++;
        }
        return compared(former.subList(start, former.size() - end), next.subList(start, next.size() - end));
    }

    private static ConfigDifference compared(List<VirtualServerConfig> former, List<VirtualServerConfig> next) {
        Map<VsId, VirtualServerConfig> known = HashMap.newHashMap(former.size());
        former.forEach(server -> known.put(server.id(), server));
        List<VirtualServerConfig> changed = new ArrayList<>();
        for (VirtualServerConfig server : next) {
            if (isSame(known.get(server.id()), server)) {
                known.remove(server.id());
            } else {
                changed.add(server);
            }
        }
        return new ConfigDifference(
                former.stream().filter(server -> known.containsKey(server.id())).toList(), changed);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(@Nullable VirtualServerConfig before, VirtualServerConfig after) {
        return before == after || before != null && !haveOtherWeights(before, after) && after.equals(before);
    }

    /** Whether two versions of a virtual server differ in a weight: most changes, found much faster than any other. */
    private static boolean haveOtherWeights(VirtualServerConfig before, VirtualServerConfig after) {
        List<RealServerConfig> former = before.realServers();
        List<RealServerConfig> next = after.realServers();
        int both = Math.min(former.size(), next.size());
        for (int i = 0; i < both; i++) {
            if (former.get(i).weight() != next.get(i).weight()) {
                return true;
            }
        }
        return false;
    }
}
