package io.lvsd.ipvs.embedded.scheduler;

import io.lvsd.ipvs.embedded.table.LiveDestination;
import java.util.List;

/** Where a walk through a list goes on when the list has changed. */
final class Position {
    private Position() {}

    /** The index of the same element in the new list, or of the nearest before it that is still there; -1 is the start. */
    static int after(List<LiveDestination> before, List<LiveDestination> now, int index) {
        for (int i = index; i >= 0; i--) {
            int found = now.indexOf(before.get(i));
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }
}
