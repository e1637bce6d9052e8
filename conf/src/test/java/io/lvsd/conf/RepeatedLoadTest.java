package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.ConfigLoader.Source;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.ProbeAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load after another one gives what a first load gives, and the same objects for virtual servers without a change. */
final class RepeatedLoadTest {
    private static final int FILES = Integer.getInteger("files", Boolean.getBoolean("lvsd.lab.full") ? 3_000 : 20);
    private static final int EDITS = 12;

    /** Lines that change the meaning of others. */
    private static final List<String> LINES = List.of(
            "}",
            "{",
            "",
            "# comment",
            "! }",
            "}}",
            "virtual_server 10.0.0.1 80 {",
            "virtual_server 10.0.0.2 80",
            "virtual_server 10.0.0.3 80 { protocol TCP",
            "virtual_server group g {",
            "virtual_server fwmark 7 {",
            "real_server 10.1.0.8 80 { weight 3 }",
            "real_server 10.1.0.8 80 {",
            "real_server 10.1.0.7 80 { weight 3 } weight 2",
            "inhibit_on_failure",
            "lvs_method TUN",
            "delay_loop 7",
            "virtual_server_group g {",
            "virtual_server_group g { 10.9.0.1 80 }",
            "global_defs {",
            "global_defs",
            "lvsd { slow_start 5 }",
            "lvsd { failure_profile drain-safe }",
            "lvsd { weight_from { agent 99 } }",
            "global_defs { checker_log_all_failures }",
            "global_defs { smtp_alert_checker on }",
            "global_defs { script_user nobody }",
            "SSL { ca /none }",
            "net_namespace_ipvs other",
            "TCP_CHECK { }",
            "real_server 10.1.0.9 80 {",
            "via_vip",
            "weight x",
            "weight 7",
            "notify_up \"/none\"",
            "quorum_up \"/none 1\"",
            "TCP_CHECK { bind_if none0 }",
            "MISC_CHECK { misc_path \"/none\" }",
            "MISC_CHECK { misc_path \"/none }",
            "SSL_GET { url { path / } }",
            "$A=10.0.0.7",
            "$A=weight 3 \\",
            "virtual_server $A 80 {",
            "$A",
            "${B}",
            "@here weight 4",
            "@other weight 5",
            "~SEQ(i, 1, 3) include part.conf",
            "~SEQ(i, 1, 3) virtual_server 10.0.5.$i 80 { real_server 10.1.0.1 80 { } }",
            "include part.conf",
            "include none.conf",
            "includea part.conf",
            "include_check",
            "random_seed 5",
            "\"",
            "a\0b");

    /** Lines between real servers. */
    private static final List<String> BETWEEN = List.of("\n", "# comment\n", "! }\n", "  weight 4\n", "  quorum 2\n");

    @TempDir
    private Path directory;

    private static String block(int number, Random random) {
        StringBuilder text = new StringBuilder("virtual_server 10.0.0." + number + " 80 {\n");
        if (random.nextInt(6) > 0) {
            text.append("  protocol TCP\n  lvs_sched rr\n");
        }
        text.append("  lvs_method NAT\n");
        for (int rs = random.nextInt(5); rs >= 0; rs--) {
            text.append(random.nextInt(6) == 0 ? BETWEEN.get(random.nextInt(BETWEEN.size())) : "");
            text.append("  real_server 10.1.")
                    .append(number)
                    .append('.')
                    .append(rs)
                    .append(random.nextInt(8) == 0 ? " 80\n  {\n    weight 2\n" : " 80 {\n    weight 2\n");
            text.append(random.nextInt(4) == 0 ? "" : "    TCP_CHECK {\n    }\n")
                    .append(random.nextInt(4) == 0 ? "    notify_up \"/none " + rs + "\"\n" : "")
                    .append(random.nextInt(8) == 0 ? "    TCP_CHECK { bind_if none" + rs + " }\n" : "")
                    .append("  }\n");
        }
        return text.append(random.nextInt(4) == 0 ? "  weight 3\n}\n" : "}\n").toString();
    }

    /** Files of the lab, whose blocks and mistakes are those of real ones. */
    private static List<String> corpus() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("../lab/src/test"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".conf")).sorted().toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (!text.contains("_RANDOM") && !text.contains("~SEQ")) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    private static List<String> lines(List<String> corpus, Random random) {
        StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "$A=10.0.0.6\n" : "global_defs {\n}\n");
        for (int i = 1; i <= 6; i++) {
            text.append(block(i, random));
            if (random.nextInt(8) == 0) {
                text.append(corpus.get(random.nextInt(corpus.size()))).append('\n');
            }
        }
        return new ArrayList<>(text.toString().lines().toList());
    }

    private static void edit(List<String> lines, List<String> added, Random random) {
        int at = random.nextInt(lines.size() + 1);
        int end = Math.min(lines.size(), at + 1 + random.nextInt(random.nextInt(3) == 0 ? 12 : 1));
        switch (random.nextInt(5)) {
            case 0 -> {
                if (random.nextBoolean()) {
                    // Often one real server of several, and nothing else.
                    lines.replaceAll(l -> l.strip().startsWith("weight ") && random.nextInt(8) == 0
                            ? "    weight " + random.nextInt(9)
                            : l);
                } else {
                    lines.subList(at, end).clear();
                }
            }
            case 1 -> lines.addAll(at, List.copyOf(lines.subList(Math.min(at, end), end)));
            case 2 ->
                lines.addAll(
                        random.nextInt(lines.size() + 1),
                        block(1 + random.nextInt(9), random).lines().toList());
            case 3 -> {
                // A short life, so that later edits are made to a text without it.
                String line = LINES.get(random.nextInt(LINES.size()));
                lines.add(at, line);
                added.add(line);
            }
            default -> added.forEach(lines::remove);
        }
    }

    private void write(String name, List<String> lines) throws IOException {
        Files.writeString(
                directory.resolve(name),
                String.join("\n", lines) + (lines.size() % 2 == 0 ? "\n" : ""),
                StandardCharsets.ISO_8859_1);
    }

    private static List<String> origins(Loaded loaded) {
        return Stream.concat(
                        Stream.of(loaded.origins().syncDaemon().toString()),
                        loaded.config().virtualServers().stream()
                                .flatMap(vs -> Stream.concat(
                                        Stream.of(
                                                loaded.origins()
                                                        .virtualServer(vs.id())
                                                        .toString(),
                                                loaded.origins()
                                                        .sorryServer(vs.id())
                                                        .toString()),
                                        IntStream.range(0, vs.realServers().size())
                                                .mapToObj(i -> loaded.origins()
                                                        .realServer(vs.id(), i)
                                                        .toString()))))
                .toList();
    }

    private static void compare(Loaded expected, Loaded loaded, String what) {
        assertEquals(expected.problems(), loaded.problems(), what);
        assertEquals(expected.config(), loaded.config(), what);
        assertEquals(expected.loadable(), loaded.loadable(), what);
        assertEquals(expected.format(), loaded.format(), what);
        assertEquals(expected.files(), loaded.files(), what);
        assertEquals(expected.references(), loaded.references(), what);
        assertEquals(expected.programs(), loaded.programs(), what);
        assertEquals(origins(expected), origins(loaded), what);
    }

    @Test
    void equalsACompleteLoadAfterRandomEdits() throws IOException {
        List<String> corpus = corpus();
        long seed = Long.getLong("seed", System.nanoTime());
        for (int i = 0; i < FILES; i++) {
            Random random = new Random(seed + i);
            List<String> lines = lines(corpus, random);
            List<String> added = new ArrayList<>();
            Source source = new Source(directory.resolve("main.conf"), "here", Optional.empty());
            RepeatedSource repeated = new RepeatedSource(source);
            write("part.conf", block(7 + random.nextInt(2), random).lines().toList());
            for (int edit = 0; edit < EDITS; edit++) {
                write("main.conf", lines);
                compare(source.load(), repeated.load(), "-Dfiles=1 -Dseed=" + (seed + i) + ", edit " + edit);
                edit(lines, added, random);
            }
        }
    }

    /** Lines in the place of a line of a real server. */
    private static final List<String> INSTEAD = List.of(
            "    weight 0",
            "    weight 12",
            "    weight 345678",
            "    weight x",
            "    weight 3 }",
            "    inhibit_on_failure",
            "    quorum 2",
            "    TCP_CHECK { }",
            "    TCP_CHECK { connect_port 0 }",
            "    MISC_CHECK { misc_path /none }",
            "    notify_up /none",
            "    weight = 3",
            "    a { b = 3 }",
            "  }",
            "",
            "    # weight 3",
            "    weight \u00e9",
            "    weight $A",
            "    weight 3\r");

    /** Changes for which only some blocks are parsed. */
    @Test
    void equalsACompleteLoadAfterRandomChangesOfRealServers() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        for (int i = 0; i < FILES; i++) {
            Random random = new Random(seed + i);
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "global_defs {\n}\n" : "");
            for (int block = 1; block <= 5; block++) {
                text.append(block(block, random));
            }
            List<String> lines = new ArrayList<>(text.toString().lines().toList());
            if (random.nextInt(4) == 0) {
                // Two virtual servers with the same address.
                lines.replaceAll(l -> l.replace("virtual_server 10.0.0.4", "virtual_server 10.0.0.2"));
            }
            List<String> plain = List.copyOf(lines);
            Source source = new Source(directory.resolve("main.conf"), "here", Optional.empty());
            RepeatedSource repeated = new RepeatedSource(source);
            for (int edit = 0; edit < EDITS; edit++) {
                write("main.conf", lines);
                compare(source.load(), repeated.load(), "-Dfiles=1 -Dseed=" + (seed + i) + ", edit " + edit);
                lines = random.nextInt(3) == 0 ? new ArrayList<>(plain) : lines;
                for (int change = random.nextInt(3); change >= 0; change--) {
                    int at = random.nextInt(lines.size());
                    if (lines.get(at).startsWith("    ")) {
                        String simple = "    weight " + random.nextInt(99);
                        boolean often = random.nextBoolean();
                        lines.set(at, often ? simple : INSTEAD.get(random.nextInt(INSTEAD.size())));
                    }
                }
            }
        }
    }

    private List<VirtualServerConfig> load(RepeatedSource source, String text) throws IOException {
        Files.writeString(directory.resolve("main.conf"), text);
        Loaded loaded = source.load();
        compare(Source.of(directory.resolve("main.conf")).load(), loaded, text);
        return loaded.config().virtualServers();
    }

    @Test
    void aBlockWithoutAChangeIsTheSameObject() throws IOException {
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        String first = block(1, new Random(1));
        String second = block(2, new Random(2));
        List<VirtualServerConfig> before = load(source, first + second);
        List<VirtualServerConfig> moved =
                load(source, "# a comment\n\n" + first.replace("weight 2", "weight 5") + second);
        assertNotSame(before.getFirst(), moved.getFirst());
        assertSame(before.get(1), moved.get(1));
        List<VirtualServerConfig> swapped = load(source, second + first);
        assertSame(before.get(1), swapped.getFirst());
        assertEquals(before.getFirst(), swapped.get(1));
    }

    @Test
    void aBlockIsReadAgainIfItsSurroundingsChange() throws IOException {
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        String block = block(1, new Random(1));
        assertEquals(0, load(source, block).getFirst().panicThreshold());
        assertEquals(
                40,
                load(source, block + "lvsd {\n panic_threshold 40\n}\n")
                        .getFirst()
                        .panicThreshold());
        assertEquals(0, load(source, block).getFirst().panicThreshold());
    }

    private static final String TWO_SERVERS = """
        virtual_server 10.0.0.1 80 {
          protocol TCP
          lvs_sched rr
          lvs_method NAT
          real_server 10.1.0.1 80 {
            weight 2
            TCP_CHECK {
            }
          }
          real_server 10.1.0.2 80 {
            TCP_CHECK {
            }
          }
        }
        """;

    @Test
    void inABlockThatIsReadAgainEqualPartsAreTheSameObjects() throws IOException {
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        String other = TWO_SERVERS.replace("10.0.0.1", "10.0.0.9");
        List<VirtualServerConfig> before = load(source, "$A=1\n" + TWO_SERVERS + other);
        List<VirtualServerConfig> after =
                load(source, "$A=7\nlvsd {\n}\n" + TWO_SERVERS.replace("weight 2", "weight $A") + other);
        assertEquals(7, after.getFirst().realServers().getFirst().weight());
        assertSame(
                before.getFirst().realServers().getFirst().checks(),
                after.getFirst().realServers().getFirst().checks());
        assertSame(
                before.getFirst().realServers().get(1),
                after.getFirst().realServers().get(1));
        assertSame(before.get(1), after.get(1));
    }

    /** Each text is also loaded completely, and must give the same, places included. */
    @Test
    void realServersThatAreUsedAgainFollowWhatIsAroundThem() throws IOException {
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        RealServerConfig first =
                load(source, TWO_SERVERS).getFirst().realServers().get(1);
        String changed = TWO_SERVERS.replace("weight 2", "weight 7\n    notify_up \"/none 1\"");
        assertSame(first, load(source, changed).getFirst().realServers().get(1));
        assertEquals(
                5,
                load(source, changed.replace("lvs_sched rr", "lvs_sched rr\n  weight 5"))
                        .getFirst()
                        .realServers()
                        .get(1)
                        .weight());
        assertEquals(first, load(source, changed).getFirst().realServers().get(1));
        assertEquals(
                4,
                load(source, changed.replaceFirst("}\n}\n$", "}\n  weight 4\n}\n"))
                        .getFirst()
                        .realServers()
                        .get(1)
                        .weight());
        load(source, changed);
        load(source, "lvsd {\n  slow_start 9\n}\n" + changed.replace("weight 7", "weight 8"));
        load(source, "$A=9\n" + changed.replace("weight 7", "weight $A"));
        load(source, "$A=10\n" + changed.replace("weight 7", "weight $A"));
    }

    @Test
    void anErrorBelowAndAboveRealServersThatAreUsedAgainHasItsPlace() throws IOException {
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        load(source, TWO_SERVERS);
        load(source, TWO_SERVERS.replace("weight 2", "weight 2\n    uthreshold 3\n    weight x"));
        load(source, TWO_SERVERS);
        load(source, "# moved\n" + TWO_SERVERS.replace("80 {\n    TCP", "80 {\n    unknown\n    TCP"));
        load(source, TWO_SERVERS);
        load(source, TWO_SERVERS.replace("10.1.0.1 80", "10.1.0.2 80"));
        load(source, TWO_SERVERS);
        load(source, TWO_SERVERS.replace("weight 2", "include none.conf"));
    }

    @Test
    void realServersAreAddedRemovedAndMoved() throws IOException {
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        List<String> servers = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            servers.add("  real_server 10.1.0." + i + " 80 {\n    weight " + i + "\n  }\n");
        }
        String head = "virtual_server 10.0.0.1 80 {\n  protocol TCP\n  lvs_sched rr\n  lvs_method NAT\n";
        load(source, head + String.join("", servers) + "}\n");
        servers.removeFirst();
        load(source, head + String.join("", servers) + "}\n");
        servers.subList(4, 6).clear();
        servers.add(10, "  # comment\n\n  real_server 10.1.1.1 80 {\n  }\n");
        load(source, head + String.join("", servers) + "}\n");
        servers.add(20, servers.remove(2));
        load(source, head + String.join("", servers) + "}\n");
        servers.subList(0, 12).clear();
        List<VirtualServerConfig> last = load(source, head + String.join("", servers) + "}\n# end");
        assertEquals(servers.size(), last.getFirst().realServers().size());
    }

    @Test
    void theFamilyOfAFirewallMarkDependsOnAllItsRealServers() throws IOException {
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        String mark = "virtual_server fwmark 1 {\n  lvs_sched rr\n  lvs_method TUN\n"
                + "  real_server 10.1.0.1 0 {\n    weight 2\n  }\n  real_server fd00::1 0 {\n    weight 2\n  }\n}\n";
        for (String text : List.of(
                mark,
                mark.replaceFirst("weight 2", "weight 3"),
                mark.replaceFirst("weight 2", "lvs_method NAT"),
                mark.replaceFirst("10.1.0.1", "fd00::2"))) {
            load(source, text);
        }
    }

    @Test
    void equalSettingsOfRealServersAreOneObject() throws IOException {
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        List<RealServerConfig> servers = load(source, TWO_SERVERS).getFirst().realServers();
        assertSame(
                servers.getFirst().checks().getFirst().timing(),
                servers.get(1).checks().getFirst().timing());
        ProbeAddress first = target(servers.getFirst());
        ProbeAddress second = target(servers.get(1));
        assertSame(first.deadline(), second.deadline());
        assertSame(first.total(), second.total());
        assertSame(servers.getFirst().forwarding(), servers.get(1).forwarding());
        assertSame(servers.getFirst().notices(), servers.get(1).notices());
    }

    private static ProbeAddress target(RealServerConfig server) {
        return ((CheckSpec.Remote) server.checks().getFirst().spec()).target();
    }
}
