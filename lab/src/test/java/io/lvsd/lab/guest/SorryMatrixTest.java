package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The built-in page as clients outside the director see it: for each forwarding method, port, family and address of the sorry
 * server, in plain text and with TLS; and clients that request without a pause while the real servers fail and return.
 */
final class SorryMatrixTest {
    /** Combinations in a run without {@code -Pfull}. */
    private static final int SAMPLE = 12;

    private static final String[] METHODS = {"NAT", "DR", "TUN"};

    /** Ports of virtual server and sorry server; 0: a service for all ports. */
    private static final int[][] PORTS = {{80, 80}, {8081, 80}, {0, 0}};

    /** A combination. */
    private record Case(int number, String method, int port, int sorryPort, boolean ipv6, boolean loopback) {
        String vip() {
            return ipv6 ? "fd00:1::" + (200 + number) : "10.1.0." + (100 + number);
        }

        String sorryAddress() {
            if (loopback) {
                return ipv6 ? "::1" : "127.0.0.1";
            }
            return ipv6 ? "fd00:1::" + (400 + number) : "10.1.0." + (180 + number);
        }

        String config() {
            String real =
                    (ipv6 ? "fd00:2::11" : "10.2.0.11") + " " + (port == 0 ? 0 : method.equals("NAT") ? 81 : port);
            return "virtual_server " + vip() + " " + port + " {\n delay_loop 2\n lvs_sched rr\n lvs_method " + method
                    + "\n protocol TCP\n" + (port == 0 ? " persistence_timeout 60\n" : "") + " sorry_server "
                    + sorryAddress() + " " + sorryPort + "\n real_server " + real
                    + " {\n  TCP_CHECK {\n   connect_port 81\n   connect_timeout 1\n   retry 0\n  }\n }\n}\n";
        }

        List<String> urls() {
            String host = ipv6 ? "[" + vip() + "]" : vip();
            if (port == 0) {
                return List.of("http://" + host + ":80/", "https://" + host + ":443/");
            }
            return List.of("http://" + host + ":" + port + "/a?b", "https://" + host + ":" + port + "/c");
        }
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String method : METHODS) {
            for (int[] ports : PORTS) {
                for (boolean ipv6 : new boolean[] {false, true}) {
                    for (boolean loopback : new boolean[] {true, false}) {
                        cases.add(new Case(cases.size() + 10, method, ports[0], ports[1], ipv6, loopback));
                    }
                }
            }
        }
        return cases;
    }

    private static String tls(Bed bed) {
        Shell.ok("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "
                + bed.file("key.pem") + " -out " + bed.file("cert.pem") + " -days 2 -subj /CN=sorry 2>/dev/null");
        return "lvsd {\n"
                + " sorry_page {\n"
                + "  status 503\n"
                + "  reason \"Closed for a while\"\n"
                + "  retry_after 17\n"
                + "  title \"The Shop\"\n"
                + "  tls "
                + bed.file("cert.pem") + " " + bed.file("key.pem") + "\n }\n}\n";
    }

    @Test
    void everyCombinationGetsThePage() {
        List<Case> cases = new ArrayList<>(cases());
        if (!Boolean.getBoolean("lvsd.lab.full")) {
            long seed = Long.getLong("seed", System.nanoTime());
            System.out.println("SorryMatrixTest: -Dseed=" + seed);
            Collections.shuffle(cases, new Random(seed));
            cases.subList(SAMPLE, cases.size()).clear();
        }
        try (Bed bed = new Bed()) {
            StringBuilder config = new StringBuilder(tls(bed));
            StringBuilder addresses = new StringBuilder();
            for (Case each : cases) {
                config.append(each.config());
                for (String address :
                        each.loopback() ? List.of(each.vip()) : List.of(each.vip(), each.sorryAddress())) {
                    addresses.append("addr add " + address + (each.ipv6() ? "/128" : "/32") + " dev $dev"
                            + (each.ipv6() ? " nodad" : "") + "\n");
                }
            }
            // IPv6 answers neighbours only on the interface of an address.
            bed.director("dev=$(ip -o addr show to 10.1.0.1 | cut -d\" \" -f2); ip -batch - <<< \"" + addresses + "\"");
            Background v4 = bed.web("r1", "10.2.0.11:81", "real4");
            Background v6 = bed.web("r1", "[fd00:2::11]:81", "real6");
            LvsdProcess lvsd = bed.lvsd(bed.write("lvsd.conf", config.toString()));
            bed.until(
                    "all real servers are in the table",
                    () -> bed.destinations().stream()
                                    .filter(d -> d.contains("10.2.0.11") || d.contains("fd00:2::11"))
                                    .count()
                            == cases.size());
            v4.close();
            v6.close();
            long failed = System.nanoTime();
            bed.until(
                    "all sorry servers are in the table",
                    () -> bed.destinations().stream()
                            .noneMatch(d -> d.contains("10.2.0.11") || d.contains("fd00:2::11")));
            System.out.printf(
                    "SorryMatrixTest: %d sorry servers in use %d ms after the failure, with checks every 2 s%n",
                    cases.size(), (System.nanoTime() - failed) / 1_000_000);
            Map<String, String> wrong = new TreeMap<>();
            for (Case each : cases) {
                for (String url : each.urls()) {
                    String answer = bed.client("curl -skgi --max-time 20 \"" + url + "\" || true");
                    boolean right = answer.matches("(?s)HTTP/(1.1 503 Closed for a while|2 503 ?)\r\n.*")
                            && answer.toLowerCase(java.util.Locale.ROOT).contains("\r\nretry-after: 17\r\n")
                            && answer.toLowerCase(java.util.Locale.ROOT).contains("\r\ncache-control: no-store\r\n")
                            && answer.contains("<title>The Shop</title>");
                    if (!right) {
                        wrong.put(each + " " + url, answer.substring(0, Math.min(200, answer.length())));
                    }
                }
            }
            assertEquals(Map.of(), wrong, () -> bed.table() + lvsd.log());
        }
    }

    /** Each line of curl: status, connections opened, error. */
    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A client of HTTP/1.1 that keeps its connection, and one that opens a connection for each request. */
    private static void request(Bed bed, String name, String options) {
        bed.start(
                "c",
                name,
                "bash -c 'while :; do stdbuf -oL curl -s --max-time 10 -o /dev/null --rate 20/s " + options
                        + " -w \"%{http_code} %{exitcode} %{errormsg}\\n\" http://10.1.0.100/[1-200] >> "
                        + bed.file(name + ".lines") + "; done'");
    }

    @Test
    void clientsSeeNoOtherFailureThanThatOfTheServers() {
        try (Bed bed = new Bed()) {
            Background one = bed.web("r1", "10.2.0.11:80", "one");
            Background two = bed.web("r2", "10.2.0.12:80", "two");
            String check = " {\n  TCP_CHECK {\n   connect_timeout 1\n   retry 0\n  }\n }\n";
            LvsdProcess lvsd = bed.lvsd(bed.write(
                    "lvsd.conf",
                    "lvsd {\n"
                            + " removal_grace 5\n"
                            + "}\n"
                            + "virtual_server 10.1.0.100 80 {\n"
                            + " delay_loop 1\n"
                            + " lvs_sched rr\n"
                            + " lvs_method NAT\n"
                            + " protocol TCP\n"
                            + " sorry_server 127.0.0.1 80\n"
                            + " real_server 10.2.0.11 80" + check
                            + " real_server 10.2.0.12 80" + check + "}\n"));
            bed.until("both serve", () -> bed.destinations().size() == 2);
            request(bed, "kept", "");
            request(bed, "single", "-H \"Connection: close\"");
            List<Path> files = List.of(bed.file("kept.lines"), bed.file("single.lines"));
            bed.until("clients are served", () -> files.stream().allMatch(f -> lines(f).size() > 10));

            one.close();
            lvsd.logs("event=rs.down vs=10.1.0.100:80/tcp rs=10.2.0.11:80");
            two.close();
            lvsd.logs("event=sorry.on");
            bed.until(
                    "the sorry server is in the table", () -> bed.destinations().equals(List.of("10.1.0.100:18080 1")));
            Map<Path, Integer> swapped = sizes(files);
            bed.until(
                    "clients get the page",
                    () -> files.stream().allMatch(f -> lines(f).size() > swapped.getOrDefault(f, 0) + 40));
            for (Path file : files) {
                List<String> during = after(file, swapped.getOrDefault(file, 0) + 2);
                assertEquals(
                        List.of(),
                        during.stream().filter(l -> !l.startsWith("502 0 ")).toList(),
                        file.toString());
            }

            Map<Path, Integer> returning = sizes(files);
            bed.web("r1", "10.2.0.11:80", "again");
            lvsd.logs("event=sorry.off");
            bed.until("the sorry server is removed", () -> bed.destinations().size() == 1);
            bed.until(
                    "clients are served again",
                    () -> files.stream()
                            .allMatch(f -> lines(f).reversed().stream()
                                    .limit(20)
                                    .allMatch(l -> l.startsWith("404 0 ") || l.startsWith("200 0 "))));
            for (Path file : files) {
                List<String> after = after(file, returning.getOrDefault(file, 0));
                assertEquals(
                        List.of(),
                        after.stream()
                                .filter(l -> !l.matches("(502|404|200) 0 .*"))
                                .toList(),
                        file.toString());
                assertTrue(after.stream().anyMatch(l -> l.startsWith("404") || l.startsWith("200")));
            }
        }
    }

    private static List<String> after(Path file, int count) {
        List<String> all = lines(file);
        return all.subList(Math.min(count, all.size()), all.size());
    }

    private static Map<Path, Integer> sizes(List<Path> files) {
        Map<Path, Integer> sizes = new TreeMap<>();
        files.forEach(f -> sizes.put(f, lines(f).size()));
        return sizes;
    }
}
