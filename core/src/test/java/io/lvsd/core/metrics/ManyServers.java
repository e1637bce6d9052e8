package io.lvsd.core.metrics;

import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.view.DaemonInfo;
import io.lvsd.core.view.DriverStatus;
import io.lvsd.core.view.Moment;
import io.lvsd.core.view.StatusInput;
import io.lvsd.sorryserver.SorryCounters;
import java.time.Instant;
import java.util.Optional;

/** Configurations with many real servers, and inputs of metrics. */
final class ManyServers {
    private static final int PER_VIRTUAL_SERVER = 100;
    private static final int OCTET = 256;

    private ManyServers() {}

    /**
     * Virtual servers of 100 real servers each, with a sorry server.
     *
     * @param servers real servers
     * @param lines of the block {@code metrics}
     */
    static String config(int servers, String lines) {
        StringBuilder text = new StringBuilder("lvsd {\n metrics {\n  " + lines + "\n }\n}\n");
        for (int i = 0; i < servers; i++) {
            if (i % PER_VIRTUAL_SERVER == 0) {
                text.append(i == 0 ? "" : "}\n")
                        .append("virtual_server 192.0.")
                        .append(i / PER_VIRTUAL_SERVER)
                        .append(".1 80 {\n"
                                + " protocol TCP\n"
                                + " lvs_sched wlc\n"
                                + " lvs_method NAT\n"
                                + " sorry_server 10.255.0.1 80\n");
            }
            text.append(server(i));
        }
        return text + "}\n";
    }

    private static String server(int i) {
        return " real_server 10.0." + i / OCTET + "." + i % OCTET + " 8080 {\n  weight 3\n  TCP_CHECK {\n  }\n }\n";
    }

    /** The input of a scrape, now. */
    static StatusInput input(EngineState state) {
        return input(state, new ProbeHistory());
    }

    static StatusInput input(EngineState state, ProbeHistory history) {
        DaemonInfo info = new DaemonInfo(
                "1.0",
                "director-1",
                Instant.parse("2026-05-01T11:50:00Z"),
                "/etc/lvsd/lvsd.conf",
                "0123456789abcdef",
                Instant.parse("2026-05-01T11:55:00Z"),
                Optional.empty());
        return new StatusInput(
                state,
                () -> state.table().lastRead(),
                () -> state.config().virtualServers().stream()
                        .filter(vs -> vs.sorry().isPresent())
                        .map(vs -> new SorryCounters(vs.id().text(), 1, 20, 10, 5, 3, 2, 4, 6))
                        .toList(),
                new DriverStatus(Driver.MEMORY, Optional.empty()),
                history,
                new Lateness(),
                info,
                new Moment(System.nanoTime(), Instant.now()));
    }
}
