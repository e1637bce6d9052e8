package io.lvsd.core.view;

import io.lvsd.core.view.StatusReport.RealServer;
import java.util.ArrayList;
import java.util.List;

/** What the weight of a real server is compared with. */
public final class WeightText {
    /** A real server that the first service of its virtual server does not have. */
    static final String NOT_IN_TABLE = "not in table";

    private WeightText() {}

    /** What differs from the weight, such as {@code configured 3}, {@code table 0} or {@code not in table}; empty if nothing does. */
    public static List<String> differences(RealServer server) {
        List<String> differences = new ArrayList<>();
        if (server.overrideWeight().isPresent()) {
            differences.add("override");
        }
        if (server.weight() != server.configuredWeight()) {
            differences.add("configured " + server.configuredWeight());
        }
        if (server.slowStart()) {
            differences.add("slow start");
        }
        if (!server.inTable()) {
            differences.add(NOT_IN_TABLE);
        } else if (server.tableWeight().isPresent() && server.tableWeight().getAsLong() != server.weight()) {
            differences.add("table " + server.tableWeight().getAsLong());
        }
        return differences;
    }
}
