package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Support;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.source.ConfigProblem;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every keyword that the packaged keepalived knows and whose value is a number, a time or one of some words, with values at,
 * next to and far outside its limits: {@code keepalived -t} reports the line if and only if lvsd reports an error there, or
 * {@code src/test/values/DEVIATIONS} contains the reasons for differences.
 */
final class KeywordValuesIT {
    private static final Path DEVIATIONS = Path.of("src/test/values/DEVIATIONS");
    private static final Pattern NUMBER = Pattern.compile("\\((-?[0-9.]+)\\.\\.(-?[0-9.]+)\\)");
    private static final Pattern REPORTED = Pattern.compile("Line (\\d+)\\)");
    private static final List<String> EXTREMES = List.of(
            "0",
            "1",
            "-1",
            "-0",
            "1.5",
            "1.",
            ".5",
            "0.000001",
            "0.0000001",
            "255",
            "256",
            "65535",
            "65536",
            "2147483647",
            "2147483648",
            "4294967295",
            "4294967296",
            "99999999999",
            "18446744073709551615",
            "18446744073709551616",
            "99999999999999999999",
            "\"\"",
            "\" 5\"",
            "\"5 \"",
            "x",
            "0x10",
            "010",
            "+3",
            "0003",
            "1e3",
            "5s",
            "5x",
            "1,5");

    private static final int LEAST_KEYWORDS = 150;

    @TempDir
    private Path directory;

    /** The position of a keyword. */
    private record Place(Scope scope, String keyword) {
        @Override
        public String toString() {
            return scope + "." + keyword;
        }
    }

    /** A deviation: values of some keywords that one of both reports alone. */
    private record Deviation(Pattern place, Pattern value, String reporter, String line) {}

    @BeforeAll
    static void keepalivedIsInstalled() throws Exception {
        PackagedKeepalived.require("KeywordValuesIT");
    }

    @Test
    void bothReportTheSameValues() throws Exception {
        List<Deviation> deviations = deviations();
        Set<Deviation> used = new LinkedHashSet<>();
        Set<String> wrong = new TreeSet<>();
        int places = 0;
        for (Place place : places()) {
            List<String> values = values(place);
            if (values.isEmpty()) {
                continue;
            }
            Set<String> keepalived = new LinkedHashSet<>();
            Set<String> lvsd = new LinkedHashSet<>();
            if (!compare(place, values, keepalived, lvsd)) {
                continue;
            }
            places++;
            for (String value : values) {
                if (keepalived.contains(value) != lvsd.contains(value)) {
                    String reporter = lvsd.contains(value) ? "lvsd" : "keepalived";
                    List<Deviation> matching = deviations.stream()
                            .filter(d -> d.place().matcher(place.toString()).matches()
                                    && d.value().matcher(value).matches()
                                    && d.reporter().equals(reporter))
                            .toList();
                    used.addAll(matching);
                    if (matching.isEmpty()) {
                        wrong.add(place + " '" + value + "' is reported by " + reporter + " only");
                    }
                }
            }
        }
        deviations.stream().filter(d -> !used.contains(d)).forEach(d -> wrong.add("stale: " + d.line()));
        assertEquals("", String.join("\n", wrong));
        assertTrue(places >= LEAST_KEYWORDS, "only " + places + " keywords");
    }

    private static List<Deviation> deviations() throws IOException {
        List<Deviation> deviations = new ArrayList<>();
        for (String line : Files.readAllLines(DEVIATIONS)) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            String[] words = line.split("\\s+", 4);
            assertTrue(words.length == 4 && words[3].length() > 10, "a deviation needs a reason: " + line);
            assertTrue(words[2].matches("lvsd|keepalived"), line);
            deviations.add(new Deviation(
                    Pattern.compile(words[0].replaceAll("(group|virtual_server)_(?=fwmark|port|prefix)", "$1 ")),
                    Pattern.compile(words[1].replace('_', ' ')),
                    words[2],
                    line));
        }
        return deviations;
    }

    /** Each keyword in each block, aliases included, and lines that are no keywords. */
    private static List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (Keyword<?> keyword : Language.all()) {
            for (Scope scope : Language.KEYWORDS.scopesOf(keyword)) {
                if (!template(scope).isEmpty()
                        && keyword.support() != Support.VRRP_ONLY
                        && !keyword.type().takesBlock()) {
                    places.add(new Place(scope, keyword.name()));
                    keyword.aliases().forEach(a -> places.add(new Place(scope, a)));
                }
            }
        }
        for (String line : List.of("fwmark", "port", "range", "prefix", "range6", "prefix6", "family")) {
            places.add(new Place(Scope.ROOT, "group " + line));
        }
        for (String line : List.of("virtual_server port", "virtual_server fwmark", "real_server port")) {
            places.add(new Place(Scope.ROOT, line));
        }
        return places;
    }

    private static List<String> values(Place place) {
        Set<String> values = new LinkedHashSet<>();
        Keyword<?> keyword = Language.find(place.scope(), place.keyword()).orElse(null);
        String form = keyword == null ? own(place) : keyword.type().form();
        Matcher range = NUMBER.matcher(form);
        while (range.find()) {
            for (String limit : List.of(range.group(1), range.group(2))) {
                BigDecimal step = BigDecimal.ONE.movePointLeft(decimals(form, limit));
                BigDecimal at = new BigDecimal(limit);
                values.add(limit);
                values.add(at.subtract(step).toPlainString());
                values.add(at.add(step).toPlainString());
            }
        }
        values.addAll(special(place));
        boolean words = form.contains("|");
        if (words && values.isEmpty() || form.equals("[on|off]")) {
            for (String word : form.replaceAll("[\\[\\]]", "").split("\\|")) {
                values.add(word);
                values.add(word.toUpperCase(Locale.ROOT));
                values.add(word.toLowerCase(Locale.ROOT));
            }
            values.addAll(List.of("true", "yes", "false", "no", "True", "1", "0", "x", "\"\""));
        } else if (!values.isEmpty()) {
            values.addAll(EXTREMES);
            if (keyword != null && keyword.type().isOptional()) {
                values.add("");
            }
        }
        return List.copyOf(values);
    }

    private static int decimals(String form, String limit) {
        if (form.startsWith("MILLISECONDS")) {
            return 3;
        }
        return limit.contains(".") || form.startsWith("SECONDS") ? 6 : 0;
    }

    /** The range of what is not declared as a keyword. */
    private static String own(Place place) {
        return switch (place.keyword()) {
            case "group fwmark", "virtual_server fwmark" -> "N (1..4294967295)";
            case "group port", "virtual_server port", "real_server port" -> "N (0..65535)";
            case "group range" -> "N (0..255)";
            case "group range6" -> "N (0..65535)";
            case "group prefix" -> "N (1..32)";
            case "group prefix6" -> "N (1..128)";
            default -> "inet|inet6";
        };
    }

    /** Values for forms without a range. */
    private static List<String> special(Place place) {
        return switch (place.keyword()) {
            case "status_code" ->
                List.of(
                        "99",
                        "100",
                        "599",
                        "600",
                        "200-299",
                        "299-200",
                        "100-599",
                        "100-600",
                        "99-200",
                        "200-",
                        "-200",
                        "200-299-300",
                        "0200",
                        "200-0299",
                        "200x",
                        "200 x",
                        "200 404",
                        "200-200",
                        "200,201",
                        "+200");
            case "digest" ->
                List.of(
                        "0123456789abcdef0123456789abcdef",
                        "0123456789ABCDEF0123456789abcdef",
                        "0123456789abcdef0123456789abcde",
                        "0123456789abcdef0123456789abcdef0",
                        "0123456789abcdef0123456789abcdeg");
            case "persistence_granularity" ->
                List.of(
                        "0.0.0.0",
                        "255.255.255.255",
                        "255.0.255.0",
                        "255.255.255.256",
                        "1.2.3",
                        "128",
                        "129",
                        "0",
                        "1",
                        "24",
                        "32",
                        "::1",
                        "0.0.0.255");
            case "lvs_timeouts" ->
                Stream.of("tcp", "tcpfin", "udp")
                        .flatMap(t -> Stream.concat(Stream.of("2678400", "2678401"), EXTREMES.stream())
                                .map(v -> t + " " + v))
                        .toList();
            case "lvs_sync_daemon" ->
                Stream.concat(
                                Stream.of(
                                        "id 255",
                                        "maxlen 65507",
                                        "maxlen 65508",
                                        "port 65535",
                                        "ttl 255",
                                        "group 224.0.0.81",
                                        "group 10.0.0.1",
                                        "group ff02::1",
                                        "group x",
                                        "group \"\"",
                                        "inst X",
                                        "x 1"),
                                Stream.of("id", "maxlen", "port", "ttl")
                                        .flatMap(o -> EXTREMES.stream().map(v -> o + " " + v)))
                        .map(v -> "lo " + v)
                        .toList();
            case "checker_cpu_affinity" -> List.of("0", "0 1", "1023", "1024", "4095", "4096");
            case "umask" ->
                List.of(
                        "022",
                        "0022",
                        "777",
                        "0777",
                        "1000",
                        "07777",
                        "8",
                        "S_IWGRP",
                        "S_IWGRP|S_IWOTH",
                        "S_X",
                        "S_IWGRP|",
                        "S_IRWXG");
            case "regex_stack" -> List.of("1 2", "0 0", "1 4294967295", "1 4294967296", "1 x", "x 1", "2 1", "1");
            case "payload" -> List.of("00", "0", "0f 0F", "00ff", "000", "0g", "0x10", "x", "ff ff f", "\"00 ff\"");
            case "require_reply" -> List.of("", "00", "0", "0f 0F", "xx", "0x", "X0", "00ff", "000", "0g", "x");
            case "init_file" ->
                List.of(
                        "",
                        "overwrite",
                        "5",
                        "5 overwrite",
                        "overwrite 5",
                        "-5",
                        "2147483647",
                        "2147483648",
                        "-2147483648",
                        "-2147483649");
            case "type" -> List.of("A", "a", "AAAA", "aaaa", "soa", "PTR", "SRV", "ANY", "CAA", "RRSIG", "DNSKEY", "1");
            case "name" ->
                place.scope().toString().equals("DNS_CHECK")
                        ? List.of(
                                ".",
                                "a.b",
                                "a..b",
                                ".a",
                                "a.b.",
                                "a".repeat(63) + ".b",
                                "a".repeat(64) + ".b",
                                ("a".repeat(63) + ".").repeat(3) + "a".repeat(61),
                                ("a".repeat(63) + ".").repeat(3) + "a".repeat(62))
                        : List.of();
            case "http_protocol" -> List.of("1.0", "1.0c", "1.0C", "1.1", "1.1c", "1.1C", "1", "0.9", "\"\"", "x");
            case "lvs_sched", "lb_algo" -> List.of("rr", "mh", "twos", "RR", "x", "\"\"", "a-name-of-some-length");
            case "lvs_method", "lb_kind", "sorry_server_lvs_method" ->
                List.of(
                        "NAT",
                        "DR",
                        "TUN",
                        "nat",
                        "x",
                        "\"\"",
                        "TUN type gue port 0",
                        "TUN type gue port 1",
                        "TUN type gue port 65535",
                        "TUN type gue port 65536",
                        "TUN type gue port -1",
                        "TUN type gue port x",
                        "TUN type gue port 5x",
                        "TUN type gue port +5",
                        "TUN type gre",
                        "TUN type gre csum",
                        "TUN type gre remcsum",
                        "TUN type gue port 1 remcsum",
                        "TUN type ipip",
                        "TUN type ipip csum",
                        "TUN type x",
                        "TUN csum",
                        "TUN nocsum",
                        "TUN type GUE port 1");
            case "connect_ip", "bindto" ->
                List.of(
                        "10.0.0.1",
                        "10.0.0.256",
                        "10.0.0",
                        "0.0.0.0",
                        "::",
                        "fd00::1",
                        "x",
                        "010.0.0.1",
                        "\"\"",
                        "10.0.0.1/24",
                        "255.255.255.255",
                        "224.0.0.1",
                        "::ffff:10.0.0.1");
            case "sorry_server" ->
                Stream.concat(
                                Stream.of("10.0.0.9", "10.0.0.256", "x", "\"\"", "fd00::1", "10.0.0.9 80 81"),
                                EXTREMES.stream().map(v -> "10.0.0.9 " + v))
                        .toList();
            case "smtp_server" ->
                Stream.concat(Stream.of("127.0.0.1", "::1"), EXTREMES.stream().map(v -> "127.0.0.1 " + v))
                        .toList();
            case "lvs_flush_on_stop", "lvs_flush_onstop" -> List.of("", "VS", "vs", "x", "1", "\"\"");
            case "protocol" -> List.of("TCP", "tcp", "Tcp", "UDP", "sctp", "ICMP", "6", "\"\"");
            case "ip_family" -> List.of("inet", "INET", "inet4", "4", "x", "\"\"");
            default -> List.of();
        };
    }

    /**
     * Compares how both evaluate the values.
     *
     * @return false if keepalived does not know the keyword
     */
    private boolean compare(Place place, List<String> values, Set<String> keepalived, Set<String> lvsd)
            throws IOException, InterruptedException {
        // One file for all values, unless a keyword is allowed only once in a configuration.
        boolean one = place.scope() != Scope.GLOBAL_DEFS && place.scope() != Scope.ROOT
                || place.keyword().contains(" ");
        List<List<String>> batches =
                one ? List.of(values) : values.stream().map(List::of).toList();
        for (List<String> batch : batches) {
            if (!compareFile(place, batch, keepalived, lvsd)) {
                return false;
            }
        }
        return true;
    }

    private boolean compareFile(Place place, List<String> values, Set<String> keepalived, Set<String> lvsd)
            throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            String text = template(place)
                    .replace("%I", i / 250 + "." + i % 250)
                    .replace("%N", String.valueOf(i + 1))
                    .replace("%K", place.keyword())
                    .replace("%V", values.get(i));
            for (String line : text.split("\n")) {
                if (line.startsWith("@")) {
                    numbers.add(lines.size() + 1);
                }
                lines.add(line.replaceFirst("^@", ""));
            }
        }
        Path file = Files.write(directory.resolve("ranges.conf"), lines);
        Path output = directory.resolve("keepalived.out");
        int status = PackagedKeepalived.check(file, output);
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        if (text.contains("Unknown keyword '" + place.keyword() + "'")) {
            return false;
        }
        if (status != 0 && status != 5 && status != 6) {
            if (values.size() == 1) {
                keepalived.add(values.getFirst());
            } else {
                for (String value : values) {
                    compareFile(place, List.of(value), keepalived, lvsd);
                }
                return true;
            }
        }
        Matcher matcher = REPORTED.matcher(text);
        while (matcher.find()) {
            int at = numbers.indexOf(Integer.parseInt(matcher.group(1)));
            if (at >= 0) {
                keepalived.add(values.get(at));
            }
        }
        ConfigLoader.load(file).problems().stream()
                .filter(ConfigProblem::isError)
                .mapToInt(p -> numbers.indexOf(p.origin().line()))
                .filter(at -> at >= 0)
                .forEach(at -> lvsd.add(values.get(at)));
        return true;
    }

    private static String template(Place place) {
        return switch (place.keyword()) {
            case "group fwmark" -> group("fwmark %V");
            case "group port" -> group("10.9.0.1 %V");
            case "group range" -> group("10.9.0.1-%V");
            case "group range6" -> group("fd00::1-%V");
            case "group prefix" -> group("128.0.0.0/%V");
            case "group prefix6" -> group("fd00::/%V");
            case "group family" -> group("fwmark 5 %V");
            case "virtual_server port" -> server("@virtual_server 10.%I.1 %V {", "");
            case "virtual_server fwmark" ->
                server("@virtual_server fwmark %V {", "").replace(" protocol TCP\n", "");
            case "real_server port" -> server("virtual_server 10.%I.1 80 {", "@real_server 10.200.0.1 %V {\n }\n");
            case "ip_family" ->
                server("virtual_server fwmark %N {", "@ %K %V\n").replace(" protocol TCP\n", "");
            case "hysteresis" -> template(place.scope()).replace("@ %K", " quorum 4294967295\n@ %K");
            case "lthreshold" -> template(place.scope()).replace("@  %K", "  uthreshold 4294967295\n@  %K");
            case "ops" -> template(place.scope()).replace(" protocol TCP\n", " protocol UDP\n");
            case "sh-fallback", "sh-port" -> template(place.scope()).replace("lvs_sched rr", "lvs_sched sh");
            case "mh-fallback", "mh-port" -> template(place.scope()).replace("lvs_sched rr", "lvs_sched mh");
            case "regex_min_offset", "regex_max_offset", "regex_stack", "regex_no_match", "regex_options" ->
                template(place.scope()).replace("@ %K", "    regex x\n@ %K");
            default -> template(place.scope());
        };
    }

    private static String group(String line) {
        return "virtual_server_group G%N {\n 10.200.0.1 80\n@ " + line + "\n}\n";
    }

    private static String server(String head, String lines) {
        return head + "\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n" + lines + """
             real_server 10.100.0.1 80 {
              weight 2147483647
             }
             real_server 10.100.0.2 80 {
              weight 2147483647
             }
             real_server 10.100.0.3 80 {
              weight 2147483647
             }
             real_server 10.100.0.4 80 {
              weight 2147483647
             }
             real_server 10.100.0.5 80 {
              weight 2147483647
             }
            }
            """;
    }

    private static String check(String name, String lines) {
        return server(
                "virtual_server 10.%I.1 80 {",
                " real_server 10.101.0.1 80 {\n  " + name + " {\n" + lines + "  }\n }\n");
    }

    /** A piece of a file with a line, marked with @, of keyword %K and value %V; empty if keepalived has no such block. */
    private static String template(Scope scope) {
        return switch (scope.toString()) {
            case "ROOT" -> "@%K %V\n" + server("virtual_server 10.0.0.1 80 {", "");
            case "GLOBAL_DEFS" -> "global_defs {\n@ %K %V\n}\n" + server("virtual_server 10.0.0.1 80 {", "");
            case "TRACK_FILE" ->
                "track_file F%N {\n file /tmp/x\n@ %K %V\n}\n" + server("virtual_server 10.%I.1 80 {", "");
            case "BFD_INSTANCE" ->
                "bfd_instance B%N {\n neighbor_ip 10.%I.2\n@ %K %V\n}\n" + server("virtual_server 10.%I.1 80 {", "");
            case "VIRTUAL_SERVER" -> server("virtual_server 10.%I.1 80 {", "@ %K %V\n");
            case "REAL_SERVER" -> server("virtual_server 10.%I.1 80 {", " real_server 10.101.0.1 80 {\n@  %K %V\n }\n");
            case "TCP_CHECK", "DNS_CHECK", "UDP_CHECK", "PING_CHECK", "SMTP_CHECK" ->
                check(scope.toString(), "@ %K %V\n");
            case "HTTP_CHECK" -> check("HTTP_GET", "@ %K %V\n   url {\n    path /\n   }\n");
            case "URL" -> check("HTTP_GET", "   url {\n    path /\n@ %K %V\n   }\n");
            case "SMTP_HOST" -> check("SMTP_CHECK", "   host {\n@ %K %V\n   }\n");
            case "MISC_CHECK" -> check("MISC_CHECK", "   misc_path /bin/true\n@ %K %V\n");
            case "FILE_CHECK" ->
                "track_file F%N {\n file /tmp/x\n}\n" + check("FILE_CHECK", "   track_file F%N\n@ %K %V\n");
            case "BFD_CHECK" ->
                "bfd_instance B%N {\n neighbor_ip 10.%I.2\n}\n" + check("BFD_CHECK", "   name B%N\n@ %K %V\n");
            default -> "";
        };
    }
}
