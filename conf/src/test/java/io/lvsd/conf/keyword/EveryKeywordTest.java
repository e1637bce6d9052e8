package io.lvsd.conf.keyword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigProblem;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every keyword that is acted on, in every block where it may stand: what it takes, the ends of its range and what lies
 * beyond, nonsense, nothing at all, twice, and in the wrong place. Ranges and choices come from the declarations.
 */
final class EveryKeywordTest {
    private static final Pattern NUMBER = Pattern.compile("\\[?(?:N|SECONDS) \\(([\\d.]+)\\.\\.([\\d.]+)\\)\\]?");
    private static final Pattern CHOICE = Pattern.compile("[\\w.-]+(\\|[\\w.-]+)+");

    /** Good and bad values of those whose form is neither a range nor a choice, by form. */
    private static final Map<String, List<List<String>>> SAMPLES = Map.ofEntries(
            Map.entry(
                    "[on|off]", List.of(List.of("", "on", "off", "yes", "no", "true", "false"), List.of("maybe", "1"))),
            Map.entry(
                    "NAT|DR|TUN [type ipip|type gue port N|type gre] [nocsum|csum|remcsum]",
                    List.of(
                            List.of("NAT", "DR", "TUN type gue port 6080 csum", "TUN type gre", "TUN type ipip"),
                            List.of("", "nat2", "TUN type gue", "TUN type gue port 0", "DR type gre"))),
            Map.entry(
                    "IPv4 mask | IPv6 prefix length",
                    List.of(List.of("255.255.255.0"), List.of("", "255.255.255.256", "x"))),
            Map.entry(
                    "ADDRESS [PORT]",
                    List.of(List.of("10.0.0.9", "10.0.0.9 80"), List.of("", "10.0.0", "10.0.0.9 70000"))),
            Map.entry("ADDRESS", List.of(List.of("10.0.0.9"), List.of("", "010.0.0.9", "localhost"))),
            Map.entry("NAME", List.of(List.of("x", "\"x y\""), List.of(""))),
            Map.entry("INTERFACE", List.of(List.of("eth0"), List.of(""))),
            Map.entry("PATH", List.of(List.of("/x"), List.of(""))),
            Map.entry("DIRECTORY", List.of(List.of("/x"), List.of(""))),
            Map.entry("TEXT", List.of(List.of("\"Back soon\""), List.of(""))),
            Map.entry(
                    "32 hex digits",
                    List.of(
                            List.of("0123456789abcdef0123456789ABCDEF"),
                            List.of("", "0123", "0123456789abcdef0123456789abcdeg"))),
            Map.entry("CODE[-CODE]…", List.of(List.of("200", "200-299 404"), List.of("", "99", "x", "300-200"))),
            Map.entry(
                    "NAME [NETWORK/PREFIX]",
                    List.of(List.of("a", "a 192.0.2.0/24"), List.of("", "a 192.0.2.0/33", "a x y"))),
            Map.entry(
                    "udp:ADDRESS:PORT",
                    List.of(List.of("udp:127.0.0.1:1161"), List.of("", "tcp:1", "udp:127.0.0.1:0"))),
            Map.entry("ADDRESS:PORT", List.of(List.of("127.0.0.1:9180"), List.of("", "127.0.0.1", "127.0.0.1:0"))));

    /** Lines that must stand before a keyword for it to mean anything. */
    private static final Map<String, String> NEEDS = Map.of(
            "sh-fallback", "lvs_sched sh",
            "sh-port", "lvs_sched sh",
            "mh-fallback", "lvs_sched mh",
            "mh-port", "lvs_sched mh",
            "ops", "protocol UDP",
            "persistence_engine", "persistence_timeout 60",
            "lthreshold", "uthreshold 4294967295");

    @TempDir
    private Path directory;

    static Stream<Arguments> keywords() {
        List<Arguments> all = new ArrayList<>();
        for (Keyword<?> keyword : Keywords.all()) {
            if (keyword.support() == Support.ACTED_ON && !keyword.type().takesBlock()) {
                for (Scope scope : keyword.where()) {
                    all.add(Arguments.of(scope, keyword));
                }
            }
        }
        return all.stream();
    }

    /** A whole file around a line of a block; the line comes first in its block. */
    private static String around(Scope scope, String line) {
        String check = "TCP_CHECK {\n" + (scope == Scope.TCP_CHECK ? line : "") + "\n}\nHTTP_GET {\n"
                + (scope == Scope.HTTP_CHECK ? line : "") + "\nurl {\n" + (scope == Scope.URL ? line : "path /")
                + "\n}\n}\n";
        String server = "virtual_server 192.0.2.1 80 {\n" + "protocol TCP\nlvs_sched rr\nlvs_method NAT\n"
                + (scope == Scope.VIRTUAL_SERVER ? line : "") + "\nreal_server 10.0.0.1 80 {\n"
                + (scope == Scope.REAL_SERVER ? line : "") + "\n" + check + "}\n}\n";
        String own = "lvsd {\n" + (scope == Scope.LVSD ? line : "") + "\nsnmp {\n"
                + (scope == Scope.SNMP ? line : "listen udp:127.0.0.1:1161\ncommunity a") + "\n}\nhttp {\n"
                + (scope == Scope.HTTP ? line : "listen 127.0.0.1:9180") + "\n}\nsorry_page {\n"
                + (scope == Scope.SORRY_PAGE ? line : "") + "\n}\n}\n";
        return "global_defs {\n" + (scope == Scope.GLOBAL_DEFS ? line : "") + "\n}\n" + own + server;
    }

    /** The errors at lines that hold {@code mark}. */
    private List<ConfigProblem> errors(String text, String mark) throws IOException {
        Path file = directory.resolve("test.conf");
        Files.writeString(file, text);
        return ConfigLoader.load(file).problems().stream()
                .filter(ConfigProblem::isError)
                .filter(p -> p.origin().sourceLine().equals(mark))
                .toList();
    }

    private static String line(Keyword<?> keyword, String value) {
        return (keyword.name() + " " + value).strip();
    }

    private static String placed(Scope scope, Keyword<?> keyword, String line) {
        String before = NEEDS.get(keyword.name());
        return around(scope, before == null ? line : before + "\n" + line);
    }

    private static List<List<String>> samples(Keyword<?> keyword) {
        String form = keyword.type().form();
        if (keyword.equals(Keywords.IP_FAMILY)) {
            // The other family would contradict the address.
            return List.of(List.of("inet"), List.of("", "ipv4"));
        }
        Matcher number = NUMBER.matcher(form);
        if (number.matches()) {
            BigDecimal least = new BigDecimal(number.group(1));
            BigDecimal most = new BigDecimal(number.group(2));
            List<String> bad =
                    new ArrayList<>(List.of("x", "-1", most.add(BigDecimal.ONE).toPlainString()));
            if (form.contains("SECONDS")) {
                bad.add("10s");
            } else {
                bad.add("1.5");
            }
            if (least.signum() > 0) {
                bad.add("0");
            }
            if (!form.startsWith("[")) {
                bad.add("");
            }
            return List.of(List.of(least.toPlainString(), most.toPlainString()), bad);
        }
        if (CHOICE.matcher(form).matches()) {
            return List.of(List.of(form.split("\\|")), List.of("", "nosuch"));
        }
        List<List<String>> samples = SAMPLES.get(form);
        assertTrue(samples != null, () -> "no samples for the form " + form);
        return samples == null ? List.of() : samples;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("keywords")
    void goodValuesAreTakenAndBadOnesAreErrorsAtTheirPlace(Scope scope, Keyword<?> keyword) throws IOException {
        List<List<String>> samples = samples(keyword);
        for (String value : samples.getFirst()) {
            String line = line(keyword, value);
            assertEquals(List.of(), errors(placed(scope, keyword, line), line), line);
        }
        for (String value : samples.getLast()) {
            String line = line(keyword, value);
            List<ConfigProblem> errors = errors(placed(scope, keyword, line), line);
            assertFalse(errors.isEmpty(), line);
            assertTrue(errors.getFirst().text().length() > 10, line);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("keywords")
    void itsAliasesMeanTheSame(Scope scope, Keyword<?> keyword) throws IOException {
        String value = samples(keyword).getFirst().getLast();
        for (String alias : keyword.aliases()) {
            String line = (alias + " " + value).strip();
            assertEquals(List.of(), errors(placed(scope, keyword, line), line), line);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("keywords")
    void twiceIsNoMoreThanAnError(Scope scope, Keyword<?> keyword) throws IOException {
        String line = line(keyword, samples(keyword).getFirst().getFirst());
        Path file = directory.resolve("test.conf");
        Files.writeString(file, placed(scope, keyword, line + "\n" + line));
        assertTrue(ConfigLoader.load(file).loadable(), line);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("keywords")
    void inTheWrongPlaceItIsAnErrorThatNamesTheRightOne(Scope scope, Keyword<?> keyword) throws IOException {
        String line = line(keyword, samples(keyword).getFirst().getFirst());
        List<ConfigProblem> errors = errors(line + "\n" + around(Scope.ROOT, ""), line);
        assertEquals(1, errors.size(), line);
        assertTrue(errors.getFirst().hint().contains(Keywords.title(scope)), errors.getFirst()::render);
    }
}
