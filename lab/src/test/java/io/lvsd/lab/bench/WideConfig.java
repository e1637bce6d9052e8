package io.lvsd.lab.bench;

import java.util.function.IntUnaryOperator;

/** A configuration as wide as a large site's: 37,205 real servers in 2,277 virtual servers, in keepalived's syntax. */
public final class WideConfig {
    public static final int VIRTUAL_SERVERS = 2_277;
    public static final int REAL_SERVERS = 37_205;
    private static final int WEIGHTS = 9;

    private WideConfig() {}

    /** The usual weight of a server: 1 to 9. */
    public static int weight(int server) {
        return 1 + server % WEIGHTS;
    }

    /**
     * As many real servers in proportionally many virtual servers.
     *
     * @param weights of each server, from 0
     * @param check what each server is checked by; nothing for servers that are always up
     */
    public static String text(int servers, IntUnaryOperator weights, String check) {
        StringBuilder text = new StringBuilder();
        int services = Math.max(1, (int) ((long) VIRTUAL_SERVERS * servers / REAL_SERVERS));
        int next = 0;
        for (int v = 0; v < services; v++) {
            text.append("virtual_server 10.").append(v >> 8).append('.').append(v & 255);
            text.append(".1 80 {\n  delay_loop 30\n  lvs_sched wlc\n  lvs_method NAT\n  protocol TCP\n");
            int end = (int) ((long) servers * (v + 1) / services);
            for (; next < end; next++) {
                text.append("  real_server 10.")
                        .append(100 + (next >> 16))
                        .append('.')
                        .append(next >> 8 & 255)
                        .append('.')
                        .append(next & 255)
                        .append(" 8080 {\n    weight ")
                        .append(weights.applyAsInt(next))
                        .append('\n')
                        .append(check)
                        .append("  }\n");
            }
            text.append("}\n");
        }
        return text.toString();
    }
}
