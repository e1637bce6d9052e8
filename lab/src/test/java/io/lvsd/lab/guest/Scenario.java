package io.lvsd.lab.guest;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A virtual server and what happens to its real servers, step by step.
 *
 * <p>In the text of a configuration {@code @K} is the scenario's own number, {@code @D} a directory of the daemon's own,
 * {@code @V} the virtual address with its port, {@code @1} to {@code @9} the addresses of real servers. A step is words:
 * {@code -1} takes real server 1 away, {@code +1} brings it back, {@code -1b} and {@code +1b} do so to its second address,
 * 10.61.@K.1; {@code file=5} writes to the file {@code @D/file@K}, and {@code exit=3} decides how the script
 * {@code @D/script@K} ends.
 *
 * @param config before the reload, which comes behind the third step
 * @param reloaded from the reload on
 * @param steps the first one before the daemons start; five more
 */
record Scenario(String name, String config, String reloaded, List<String> steps) {
    static final int STEPS = 6;
    /** The reload comes in front of this one. */
    static final int RELOAD = 4;

    private static final String TCP = "  TCP_CHECK {\n   connect_timeout 2\n   retry 0\n   warmup 0\n  }\n";
    static final String SECOND =
            "  TCP_CHECK {\n   connect_timeout 2\n   connect_ip 10.61.@K.1\n   retry 0\n   warmup 0\n  }\n";
    static final String SCRIPT = "  MISC_CHECK {\n"
            + "   misc_path \"@D/script@K\"\n"
            + "   misc_timeout 20\n"
            + "   delay_loop 3\n"
            + "   misc_dynamic\n"
            + "   warmup 0\n"
            + "  }\n";
    private static final String HTTP =
            "  HTTP_GET {\n   connect_timeout 5\n   retry 0\n   warmup 0\n   url {\n    path /\n   }\n  }\n";

    private static Scenario of(String name, String config, String... steps) {
        return new Scenario(name, config, config, List.of(steps));
    }

    private static Scenario reloading(String name, String config, String reloaded, String... steps) {
        return new Scenario(name, config, reloaded, List.of(steps));
    }

    /** A real server with a TCP_CHECK. */
    private static String rs(int number, String... lines) {
        return unchecked(number, String.join("\n", lines) + "\n" + TCP);
    }

    private static String unchecked(int number, String text) {
        return " real_server @" + number + " {\n  " + text + " }\n";
    }

    private static String vs(String head, String lines, String... servers) {
        return head + " {\n delay_loop 1\n lvs_sched wrr\n lvs_method NAT\n" + lines + "\n" + String.join("", servers)
                + "}\n";
    }

    private static String tcp(String lines, String... servers) {
        return vs("virtual_server @V", " protocol TCP\n" + lines, servers);
    }

    private static String file(String lines) {
        return "track_file t@K {\n file @D/file@K\n" + lines + "\n}\n";
    }

    private static String tracked(String lines) {
        return "  FILE_CHECK {\n   track_file t@K\n   " + lines + "\n  }\n";
    }

    private static final String SORRY = "sorry_server @9";
    private static final String[] DIE_AND_RETURN = {"", "-1", "-2", "+1", "+2", "-1"};
    private static final String[] THREE = {"", "-1", "-2", "-3", "+1 +2", "+3"};

    private String numbered(String text, int number, String directory) {
        String filled = text.replace("@D", directory).replace("@V", "10.50." + number + ".1 80");
        for (int server = 1; server <= 9; server++) {
            filled = filled.replace("@" + server, "10.60." + number + "." + server + " 80");
        }
        return filled.replace("@K", "" + number);
    }

    String config(int number, String directory, boolean afterReload) {
        return numbered(afterReload ? reloaded : config, number, directory);
    }

    List<String> words(int step) {
        return Arrays.stream(steps.get(step).split(" "))
                .filter(w -> !w.isEmpty())
                .collect(Collectors.toList());
    }

    static List<Scenario> all() {
        String two = rs(1) + rs(2);
        String three = two + rs(3);
        String group = "virtual_server_group g@K {\n 10.50.@K.1 80\n 10.50.@K.2 80\n}\n";
        String range = "virtual_server_group g@K {\n 10.50.@K.1-3 80\n}\n";
        String withMark = "virtual_server_group g@K {\n 10.50.@K.1 80\n fwmark 1@K inet\n}\n";
        String ofGroup = "virtual_server group g@K";
        return List.of(
                of("two servers die and return", tcp("", two), DIE_AND_RETURN),
                of("a sorry server is in use", tcp(SORRY, two), DIE_AND_RETURN),
                of("a sorry server inhibits", tcp(SORRY + "\n sorry_server_inhibit", two), DIE_AND_RETURN),
                of("inhibit_on_failure", tcp("inhibit_on_failure", two), DIE_AND_RETURN),
                of("inhibit_on_failure of one", tcp("", rs(1, "inhibit_on_failure"), rs(2)), DIE_AND_RETURN),
                of("inhibit_on_failure and a sorry server", tcp("inhibit_on_failure\n" + SORRY, two), DIE_AND_RETURN),
                of("dead at the start", tcp("", two), "-1", "+1", "-2", "-1", "+2", "+1"),
                of("all dead at the start", tcp(SORRY, two), "-1 -2", "+1", "-1", "+2", "+1", ""),
                of("quorum of two", tcp("quorum 2", three), THREE),
                of("quorum of two, sorry server", tcp("quorum 2\n" + SORRY, three), THREE),
                of(
                        "quorum of two, sorry server, inhibiting",
                        tcp("quorum 2\n inhibit_on_failure\n" + SORRY, three),
                        THREE),
                of("hysteresis", tcp("quorum 2\n hysteresis 1\n" + SORRY, three), "", "-1", "-2", "+1", "+2", "-3"),
                of(
                        "hysteresis of weights",
                        tcp("quorum 4\n hysteresis 2\n" + SORRY, rs(1, "weight 3"), rs(2, "weight 2"), rs(3)),
                        "",
                        "-1",
                        "-3",
                        "+1",
                        "+3",
                        "-2"),
                of(
                        "quorum of weights",
                        tcp("quorum 4\n" + SORRY, rs(1, "weight 3"), rs(2, "weight 2"), rs(3)),
                        "",
                        "-1",
                        "+1",
                        "-2",
                        "-3",
                        "+2"),
                of("quorum beyond all weights", tcp("quorum 9\n" + SORRY, two), DIE_AND_RETURN),
                of("alpha", tcp("alpha", two), DIE_AND_RETURN),
                of("alpha, dead at the start", tcp("alpha", two), "-1 -2", "+1", "-1", "+2", "+1", ""),
                of("alpha of one", tcp("", rs(1, "alpha"), rs(2)), "-1", "+1", "-2", "-1", "+1", "+2"),
                of("alpha and a sorry server", tcp("alpha\n" + SORRY, two), "-1 -2", "+1", "-1", "+2", "", "+1"),
                of("two checks", tcp("", rs(1, SECOND), rs(2)), "", "-1b", "-1", "+1b", "+1", "-1b"),
                of(
                        "two checks, inhibiting",
                        tcp("inhibit_on_failure", rs(1, SECOND), rs(2)),
                        "",
                        "-1",
                        "-1b",
                        "+1",
                        "+1b",
                        "-1"),
                of(
                        "two checks, one down at the start",
                        tcp("", rs(1, SECOND), rs(2)),
                        "-1b",
                        "",
                        "+1b",
                        "-1",
                        "+1",
                        ""),
                of("two checks, sorry server", tcp(SORRY, rs(1, SECOND)), "", "-1b", "+1b", "-1", "-1b +1", "+1b"),
                of(
                        "a script's weights",
                        tcp("", unchecked(1, SCRIPT), rs(2)),
                        "exit=0",
                        "exit=7",
                        "exit=12",
                        "exit=1",
                        "exit=0",
                        "exit=2"),
                of(
                        "a script's weights and a quorum",
                        tcp("quorum 5\n" + SORRY, unchecked(1, "weight 5\n" + SCRIPT), rs(2)),
                        "exit=0",
                        "exit=3",
                        "exit=9",
                        "exit=1",
                        "exit=0",
                        "exit=2"),
                of(
                        "a script's weights, inhibiting",
                        tcp("inhibit_on_failure", unchecked(1, SCRIPT), rs(2)),
                        "exit=0",
                        "exit=7",
                        "exit=1",
                        "exit=7",
                        "exit=4",
                        "exit=0"),
                of(
                        "a script and a TCP_CHECK",
                        tcp("", rs(1, SCRIPT), rs(2)),
                        "exit=9",
                        "-1",
                        "",
                        "+1",
                        "exit=1",
                        "exit=0"),
                of(
                        "a file's weight",
                        file("weight 1") + tcp("", rs(1, tracked("weight 2")), rs(2)),
                        "file=0",
                        "file=5",
                        "-1",
                        "file=9 +1",
                        "file=0",
                        "file=3"),
                of(
                        "a file's weight, reversed",
                        file("weight 1") + tcp("", rs(1, "weight 20", tracked("weight 1 reverse")), rs(2)),
                        "file=0",
                        "file=5",
                        "file=19",
                        "file=30",
                        "file=1",
                        "file=0"),
                of(
                        "a file that decides",
                        file("weight 0") + tcp(SORRY, unchecked(1, tracked("weight 0"))),
                        "file=0",
                        "file=1",
                        "file=0",
                        "file=-3",
                        "file=0",
                        "file=7"),
                of(
                        "a file's weight and a quorum",
                        file("weight 1") + tcp("quorum 4\n" + SORRY, rs(1, "weight 3", tracked("weight 1")), rs(2)),
                        "file=0",
                        "file=-2",
                        "file=2",
                        "-1",
                        "+1",
                        "file=-3"),
                of("a mark", vs("virtual_server fwmark 1@K", "", two), DIE_AND_RETURN),
                of(
                        "a mark, quorum and sorry server",
                        vs("virtual_server fwmark 1@K", "quorum 2\n" + SORRY, three),
                        THREE),
                of("a group", group + vs(ofGroup, "protocol TCP", two), DIE_AND_RETURN),
                of("a group with a sorry server", range + vs(ofGroup, "protocol TCP\n" + SORRY, two), DIE_AND_RETURN),
                of(
                        "a group, inhibiting",
                        range + vs(ofGroup, "protocol TCP\n inhibit_on_failure\n quorum 2\n" + SORRY, three),
                        THREE),
                of("a group with a mark", withMark + vs(ofGroup, "protocol TCP", two), DIE_AND_RETURN),
                of(
                        "a group of two virtual servers",
                        group + vs(ofGroup, "protocol TCP", two) + vs(ofGroup, "protocol UDP\n" + SORRY, two),
                        DIE_AND_RETURN),
                of("UDP", vs("virtual_server @V", "protocol UDP", two), DIE_AND_RETURN),
                of("one-packet scheduling", vs("virtual_server @V", "protocol UDP\n ops", two), DIE_AND_RETURN),
                of("SCTP", vs("virtual_server @V", "protocol SCTP\n" + SORRY, two), DIE_AND_RETURN),
                of("direct routing", tcp("", two).replace("NAT", "DR"), DIE_AND_RETURN),
                of("tunnelling", tcp(SORRY, two).replace("NAT", "TUN"), DIE_AND_RETURN),
                of(
                        "each its method",
                        tcp(SORRY + "\n sorry_server_lvs_method TUN", rs(1, "lvs_method DR"), rs(2)),
                        DIE_AND_RETURN),
                of(
                        "persistence",
                        tcp("persistence_timeout 60\n persistence_granularity 255.255.255.0", two),
                        DIE_AND_RETURN),
                of(
                        "thresholds",
                        tcp("", rs(1, "inhibit_on_failure", "uthreshold 9", "lthreshold 4"), rs(2, "uthreshold 3")),
                        DIE_AND_RETURN),
                of("weight 0", tcp("", rs(1, "weight 0"), rs(2)), DIE_AND_RETURN),
                of(
                        "a server without checks",
                        tcp("quorum 2\n" + SORRY, unchecked(1, "weight 1\n"), rs(2)),
                        "",
                        "-2",
                        "+2",
                        "-2",
                        "+2",
                        ""),
                of("a weight for all", tcp("weight 7", rs(1), rs(2, "weight 3")), DIE_AND_RETURN),
                of(
                        "a sorry server that is a real server too",
                        tcp("sorry_server @2", two),
                        "",
                        "-1",
                        "+1",
                        "-1",
                        "-2",
                        "+1"),
                of(
                        "a sorry server that is a real server too, inhibiting",
                        tcp("sorry_server @2\n inhibit_on_failure\n quorum 2", two),
                        "",
                        "-1",
                        "+1",
                        "-1",
                        "-2",
                        "+1 +2"),
                of("HTTP", tcp(SORRY, unchecked(1, HTTP), unchecked(2, HTTP)), DIE_AND_RETURN),
                of(
                        "IPv6",
                        tcp("sorry_server fd00:60::@K:9 80", two)
                                .replace("@V", "fd00:50::@K:1 80")
                                .replaceAll("real_server @([12])", "real_server fd00:60::@K:$1 80"),
                        DIE_AND_RETURN),
                reloading("a reload adds a server", tcp("", rs(1)), tcp("", two), "", "-1", "+1", "", "-1", "-2"),
                reloading("a reload removes a server", tcp("", three), tcp("", two), "", "-1", "+1", "-2", "+2", "-1"),
                reloading(
                        "a reload changes a weight",
                        tcp("", rs(1, "weight 2"), rs(2)),
                        tcp("", rs(1, "weight 5"), rs(2)),
                        "",
                        "-1",
                        "+1",
                        "-2",
                        "+2",
                        "-1"),
                reloading(
                        "a reload changes the weight of an inhibited server",
                        tcp("inhibit_on_failure", rs(1, "weight 2"), rs(2)),
                        tcp("inhibit_on_failure", rs(1, "weight 5"), rs(2)),
                        "",
                        "-2",
                        "+2",
                        "-1",
                        "+1",
                        "-2"),
                reloading(
                        "a reload raises the quorum",
                        tcp("quorum 1\n" + SORRY, three),
                        tcp("quorum 3\n" + SORRY, three),
                        "",
                        "-1",
                        "+1",
                        "-2",
                        "+2",
                        "-3"),
                reloading(
                        "a reload changes scheduler and persistence",
                        tcp("", two),
                        tcp("persistence_timeout 30", two).replace("wrr", "sh"),
                        DIE_AND_RETURN),
                reloading(
                        "a reload adds a sorry server",
                        tcp("", two),
                        tcp(SORRY, two),
                        "",
                        "-1",
                        "+1",
                        "-1",
                        "-2",
                        "+1"),
                reloading(
                        "a reload adds an address to a group",
                        group + vs(ofGroup, "protocol TCP", two),
                        range + vs(ofGroup, "protocol TCP", two),
                        DIE_AND_RETURN),
                reloading("a reload removes a virtual server", tcp("", two), "", DIE_AND_RETURN),
                reloading("a reload brings a virtual server", "", tcp(SORRY, two), "-1", "", "", "", "-2", "+1 +2"));
    }
}
