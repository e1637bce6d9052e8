package io.lvsd.conf.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.check.http.HttpKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.keyword.Support;
import io.lvsd.conf.source.ConfigProblem;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every keyword that is not another daemon's, in every block where it may stand: what it takes, the ends of its range and what lies
 * beyond, nonsense, nothing at all, twice, and in the wrong place. Ranges and choices come from the declarations.
 */
final class EveryKeywordTest {
    private static final Pattern NUMBER =
            Pattern.compile("\\[?(?:N|(?:MILLI)?SECONDS) \\((-?[\\d.]+)\\.\\.([\\d.]+)\\)\\]?");
    private static final Pattern CHOICE = Pattern.compile("[\\w.-]+(\\|[\\w.-]+)+");

    private static final List<String> SCRIPTS = List.of("/x", "\"/x -a 'b c'\"", "/x\" y\"");
    private static final List<List<String>> TRACK =
            List.of(List.of("253", "-253 reverse", "1 noreverse"), List.of("", "2147483648", "1 x"));

    /** Good and bad values of those whose form is neither a range nor a choice, by form. */
    private static final Map<String, List<List<String>>> SAMPLES = Map.ofEntries(
            Map.entry(
                    "[on|off]", List.of(List.of("", "on", "off", "yes", "no", "true", "false"), List.of("maybe", "1"))),
            Map.entry(
                    "NAT|DR|TUN [type ipip|type gue port N|type gre] [nocsum|csum|remcsum]",
                    List.of(
                            List.of("NAT", "DR", "TUN type gue port 6080 csum", "TUN type gre", "TUN type ipip"),
                            List.of("", "nat2", "TUN type gue", "TUN type gue port 0", "DR type gue"))),
            Map.entry(
                    "IPv4 mask | IPv6 prefix length",
                    List.of(List.of("255.255.255.0"), List.of("", "255.255.255.256", "x"))),
            Map.entry(
                    "ADDRESS [PORT]",
                    List.of(List.of("10.0.0.9", "10.0.0.9 80"), List.of("", "10.0.0", "10.0.0.9 70000"))),
            Map.entry("\"COMMAND ARGUMENT…\"", List.of(SCRIPTS, List.of("", "\"\"", "\"/x 'y\""))),
            Map.entry(
                    "\"COMMAND ARGUMENT…\" [USER [GROUP]]",
                    List.of(
                            List.of("/x", "\"/x -a 'b c'\" nobody", "/x nobody nogroup", "\"/x \\\"y\\\"\""),
                            List.of("", "/x a b c"))),
            Map.entry("PATH [USER [GROUP]]", List.of(List.of("/f", "/f nobody nogroup"), List.of("", "/f a b c"))),
            Map.entry("USER [[:]GROUP]", List.of(List.of("nobody", "nobody :nogroup"), List.of("", "a b c"))),
            Map.entry("HOST [PORT]", List.of(List.of("mail.example.org", "192.0.2.1 25"), List.of("", "a/b", "a 0"))),
            Map.entry(
                    "[tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]",
                    List.of(
                            List.of("tcp 900", "udp 0 tcp 2678400 tcpfin 3"),
                            List.of("", "tcp", "tcp 2678401", "icmp 3"))),
            Map.entry(
                    "INTERFACE [inst NAME] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]",
                    List.of(
                            List.of("eth0", "eth0 id 255 maxlen 1 port 8848 ttl 1 group 224.0.0.81", "eth0 V1 3"),
                            List.of("", "abcdefghijklmnop", "eth0 id 256", "eth0 ttl 0", "eth0 group 10.0.0.1"))),
            Map.entry("[VS]", List.of(List.of("", "VS"), List.of("RS", "VS x"))),
            Map.entry("[TABLE]", List.of(List.of("", "x"), List.of("x y"))),
            Map.entry("[LOG]", List.of(List.of("", "/x"), List.of("x y"))),
            Map.entry("[PATH]", List.of(List.of("", "/x"), List.of("x y"))),
            Map.entry("FILE", List.of(List.of("/x"), List.of("", "x y"))),
            Map.entry(
                    "TIME",
                    List.of(
                            List.of("2027-03-01T06:00:00+01:00", "2027-03-01T06:00", "\"2027-03-01 06:00\""),
                            List.of("", "06:00", "2027-13-01T06:00", "tomorrow"))),
            Map.entry("MAIL_ADDRESS", List.of(List.of("a@example.org"), List.of(""))),
            Map.entry("[[+|-]CHECK…]", List.of(List.of("", "match +read -brace_match"), List.of("all", "read match"))),
            Map.entry(
                    "URL",
                    List.of(
                            List.of("https://alerts.example.org/a?b=c", "http://127.0.0.1:9000/"),
                            List.of("", "alerts.example.org", "ftp://x/", "https://user@x/"))),
            Map.entry(
                    "SOCKET",
                    List.of(
                            List.of("unix:/x", "/x", "tcp:127.0.0.1:705", "tcp:localhost:705"),
                            List.of("", "x", "udp:127.0.0.1:705", "tcp:127.0.0.1:0"))),
            Map.entry("PASSWORD", List.of(List.of("x"), List.of(""))),
            Map.entry(
                    "OCTAL | S_IXXX[|S_IXXX]…",
                    List.of(List.of("022", "S_IWGRP|S_IWOTH"), List.of("", "08", "512", "rw"))),
            Map.entry("CPU…", List.of(List.of("0 1", "4095"), List.of("", "x", "4096"))),
            Map.entry("START MAX", List.of(List.of("1 2"), List.of("", "x"))),
            Map.entry("EXPRESSION", List.of(List.of("^OK", "\"a b\\\\d\""), List.of("", "(", "a b"))),
            Map.entry("OPTION…", List.of(List.of("caseless", "caseless dotall"), List.of("", "casles"))),
            Map.entry(
                    "SUITE…",
                    List.of(
                            List.of("AES128-SHA", "TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384 AES128-SHA"),
                            List.of("", "HIGH", "AES128-SHA:AES128-SHAA"))),
            Map.entry("NAME.", List.of(List.of(".", "example.org", "example.org."), List.of("", "a..b"))),
            Map.entry("HEX…", List.of(List.of("0a1B", "0a 1b 3"), List.of("", "0g", "0a1"))),
            Map.entry("[HEX…]", List.of(List.of("", "0a1B", "0ax1 xX"), List.of("0g", "0a1"))),
            Map.entry("N (-254..254) [reverse|noreverse]", TRACK),
            Map.entry("N (-253..253) [reverse|noreverse]", TRACK),
            Map.entry("N (-2147483647..2147483647) [reverse|noreverse]", TRACK),
            Map.entry("[VALUE] [overwrite]", List.of(List.of("", "3", "3 overwrite"), List.of("x", "3 4 5"))),
            Map.entry("ADDRESS", List.of(List.of("10.0.0.9"), List.of("", "010.0.0.9", "localhost"))),
            Map.entry("NAME", List.of(List.of("x", "\"x y\""), List.of(""))),
            Map.entry("HOSTNAME", List.of(List.of("director.example.net", "lb"), List.of("", "a..b", "a:80", "a b"))),
            Map.entry("TRACK_FILE", List.of(List.of("t"), List.of(""))),
            Map.entry("INSTANCE", List.of(List.of("b"), List.of(""))),
            Map.entry("FIELD", List.of(List.of("load.weight"), List.of(""))),
            Map.entry("FIELD VALUE", List.of(List.of("a.0.b ok", "a \"b c\""), List.of("", "a", "a b c"))),
            Map.entry(
                    "\"NAME: VALUE\"",
                    List.of(List.of("\"X-Check: lvsd\"", "X:y"), List.of("", "X", "\"X y: z\"", "X: y"))),
            Map.entry("HEADER", List.of(List.of("X-Weight"), List.of("", "\"X y\""))),
            Map.entry(
                    "64 hex digits",
                    List.of(
                            List.of("0123456789abcdef".repeat(4), "01:23456789ABCDEF" + "0123456789abcdef".repeat(3)),
                            List.of("", "0123", "0123456789abcdeg".repeat(4)))),
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
                    "udp:ADDRESS:PORT|tcp:ADDRESS:PORT",
                    List.of(
                            List.of("udp:127.0.0.1:1161", "tcp:[::1]:1161", "127.0.0.1:1161"),
                            List.of("", "tcp:1", "udp:127.0.0.1:0"))),
            Map.entry(
                    "unix:PATH|tcp:ADDRESS:PORT [force]|off",
                    List.of(
                            List.of("unix:/x", "tcp:127.0.0.1:705", "tcp:192.0.2.1:705 force", "off"),
                            List.of("", "/x", "unix:x", "tcp:192.0.2.1:705", "off force", "unix:/x y"))),
            Map.entry(
                    "udp:HOST:PORT community|user NAME [inform]",
                    List.of(
                            List.of(
                                    "udp:192.0.2.9:162 community public",
                                    "udp:[2001:db8::9]:162 community \"a b\" inform",
                                    "udp:traps.example.net:1162 user u inform"),
                            List.of(
                                    "",
                                    "udp:192.0.2.9:162",
                                    "192.0.2.9:162 community a",
                                    "udp:192.0.2.9 community a",
                                    "udp:192.0.2.9:0 community a",
                                    "udp:192.0.2.9:162 group a",
                                    "udp:192.0.2.9:162 community a b",
                                    "udp:192.0.2.9:162 user nosuch"))),
            Map.entry(
                    "sha224|sha256|sha384|sha512 @FILE|PASSWORD",
                    List.of(
                            List.of("sha224 password", "sha512 \"pass word\"", "sha256 @/etc/a"),
                            List.of("", "sha256", "md5 password", "sha256 passwor", "sha256 @a", "sha256 a b"))),
            Map.entry(
                    "aes128|aes192|aes256 @FILE|PASSWORD",
                    List.of(
                            List.of("aes128 password", "aes192 password", "aes256 @/etc/p"),
                            List.of("", "aes128", "des password", "aes128 passwor", "aes128 @"))),
            Map.entry(
                    "NETWORK/PREFIX",
                    List.of(List.of("192.0.2.0/24", "2001:db8::/32", "192.0.2.1"), List.of("", "192.0.2.0/33", "x"))),
            Map.entry("OID", List.of(List.of("1.3.6.1.2.1", ".1"), List.of("", "3.1", "1.x", "1.4294967296"))),
            Map.entry(
                    "0xHEX",
                    List.of(
                            List.of("0x80001f8880", "0x" + "aB".repeat(32)),
                            List.of("", "80001f8880", "0x80001f88", "0x80001f888", "0x0000000000"))),
            Map.entry("CERTIFICATE KEY", List.of(List.of("/c /k"), List.of("", "/c", "/c /k /x"))),
            Map.entry(
                    "TEXT|reset",
                    List.of(List.of("\"421 down\"", "reset"), List.of("", "\"\"", "x".repeat(501), "\"a\u0007b\""))),
            Map.entry(
                    "PORT…",
                    List.of(List.of("80", "1 65535", numbers(64)), List.of("", "0", "65536", "80-90", numbers(65)))),
            Map.entry("ADDRESS:PORT", List.of(List.of("127.0.0.1:9180"), List.of("", "127.0.0.1", "127.0.0.1:0"))));

    private static String numbers(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    /** Lines that must stand before a keyword for it to mean anything. */
    private static final Map<String, String> NEEDS = Map.ofEntries(
            Map.entry("sh-fallback", "lvs_sched sh"),
            Map.entry("sh-port", "lvs_sched sh"),
            Map.entry("sorry_server_inhibit", "sorry_server 127.0.0.1 80"),
            Map.entry("sorry_server_lvs_method", "sorry_server 127.0.0.1 80"),
            Map.entry("mh-fallback", "lvs_sched mh"),
            Map.entry("mh-port", "lvs_sched mh"),
            Map.entry("ops", "protocol UDP"),
            Map.entry("persistence_engine", "persistence_timeout 60"),
            Map.entry("regex_no_match", "regex ^OK"),
            Map.entry("regex_options", "regex ^OK"),
            Map.entry("lthreshold", "uthreshold 4294967295"),
            Map.entry("regex_min_offset", "regex ^OK"),
            Map.entry("regex_max_offset", "regex ^OK"),
            Map.entry("tls_certificate", "tls_key /k"),
            Map.entry("tls_key", "tls_certificate /c"));

    @TempDir
    private Path directory;

    static Stream<Arguments> keywords() {
        List<Arguments> all = new ArrayList<>();
        for (Keyword<?> keyword : Language.all()) {
            boolean looked = keyword.support() != Support.VRRP_ONLY
                    && !keyword.type().form().equals("WORDS");
            if (looked && !keyword.type().takesBlock()) {
                for (Scope scope : Language.KEYWORDS.scopesOf(keyword)) {
                    all.add(Arguments.of(scope, keyword));
                }
            }
        }
        return all.stream();
    }

    /** A whole file around a line of a block; the line comes first in its block. */
    private static String around(Scope scope, String line) {
        StringBuilder out = new StringBuilder();
        String mark = "%" + scope;
        String own = line.substring(line.lastIndexOf('\n') + 1).split(" ", 2)[0];
        boolean here = false;
        for (String part : FILE.split("\n")) {
            String word = part.strip();
            here = word.equals(mark) || here && !word.endsWith("{") && !word.equals("}");
            if (word.equals(mark)) {
                out.append(line).append('\n');
            } else if (!word.startsWith("%") && !(here && word.split(" ", 2)[0].equals(own))) {
                out.append(part).append('\n');
            }
        }
        return scope == Scope.ROOT ? line + "\n" + out : out.toString();
    }

    private static final String FILE = """
        global_defs {
          %GLOBAL_DEFS
        }
        SSL {
          %SSL
        }
        track_file t {
          %TRACK_FILE
          file /run/t
        }
        bfd_instance b {
          %BFD_INSTANCE
          neighbor_ip 192.0.2.9
        }
        lvsd {
          %LVSD
          snmp {
            %SNMP
            listen udp:127.0.0.1:1162
            community b
            user u {
              %SNMP_USER
              auth sha256 password
              priv aes128 password
            }
          }
          webhook {
            %WEBHOOK
            url http://127.0.0.1:9/
          }
          http {
            %HTTP
            listen 127.0.0.1:9181
          }
          sorry_page {
            %SORRY_PAGE
            host www.example.net {
              %SORRY_HOST
            }
          }
          log {
            %LOG
          }
          metrics {
            %METRICS
            statsd {
              %STATSD
              address 127.0.0.1:8125
            }
            otlp {
              %OTLP
              url http://127.0.0.1:9/
            }
          }
        }
        virtual_server 192.0.2.1 80 {
          protocol TCP
          lvs_sched rr
          lvs_method NAT
          %VIRTUAL_SERVER
          sorry_server 127.0.0.1 80
          maintenance {
            %MAINTENANCE
          }
          real_server 10.0.0.1 80 {
            %REAL_SERVER
            TCP_CHECK {
              %TCP_CHECK
            }
            HTTP_GET {
              %HTTP_CHECK
              url {
                %URL
                path /
              }
            }
            SMTP_CHECK {
              %SMTP_CHECK
              host {
                %SMTP_HOST
              }
            }
            DNS_CHECK {
              %DNS_CHECK
            }
            MISC_CHECK {
              %MISC_CHECK
              misc_path /x
            }
            UDP_CHECK {
              %UDP_CHECK
            }
            PING_CHECK {
              %PING_CHECK
            }
            FILE_CHECK {
              %FILE_CHECK
              track_file t
            }
            BFD_CHECK {
              %BFD_CHECK
              name b
            }
            GRPC_CHECK {
              %GRPC_CHECK
            }
            SERVICE_CHECK {
              %SERVICE_CHECK
              type redis
              secret s3cret
            }
            weight_from {
              %WEIGHT_FROM
              agent 99
            }
          }
        }
        """;

    /** The errors at lines that hold {@code mark}. */
    private List<ConfigProblem> errors(String text, String mark) throws IOException {
        Path file = directory.resolve("test.conf");
        Files.writeString(file, text);
        return ConfigLoader.load(file).problems().stream()
                .filter(ConfigProblem::isError)
                .filter(p -> p.origin().sourceLine().equals(mark))
                .filter(p -> !concernsAnotherLine(p))
                .toList();
    }

    /** Whether a value is good by itself, and only does not fit the rest of the file. */
    static boolean concernsAnotherLine(ConfigProblem problem) {
        return Stream.of(
                        "is deprecated",
                        "is greater than the total weight of the real servers",
                        "all real servers have weight 0",
                        "is not less than the quorum",
                        "requires lvs_sched sh or mh")
                .anyMatch(problem.text()::contains);
    }

    static String line(Keyword<?> keyword, String value) {
        return (keyword.name() + " " + value).strip();
    }

    static String placed(Scope scope, Keyword<?> keyword, String line) {
        String before = NEEDS.get(keyword.name());
        return around(scope, before == null ? line : before + "\n" + line);
    }

    static List<List<String>> samples(Keyword<?> keyword) {
        String form = keyword.type().form();
        if (keyword.equals(ServerKeywords.IP_FAMILY)) {
            // The other family would contradict the address.
            return List.of(List.of("inet"), List.of("", "ipv4"));
        }
        Matcher number = NUMBER.matcher(form);
        if (number.matches()) {
            BigDecimal least = new BigDecimal(number.group(1));
            BigDecimal most = new BigDecimal(number.group(2));
            List<String> bad = new ArrayList<>(List.of(
                    "x",
                    least.subtract(BigDecimal.ONE).toPlainString(),
                    most.add(BigDecimal.ONE).toPlainString()));
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
        if (CHOICE.matcher(form).matches() && !SAMPLES.containsKey(form)) {
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
        Scope wrong = Stream.of(Scope.ROOT, HttpKeywords.URL, Scope.REAL_SERVER)
                .filter(s -> Language.find(s, keyword.name()).isEmpty())
                .findFirst()
                .orElseThrow();
        List<ConfigProblem> errors = errors(around(wrong, line), line);
        assertEquals(1, errors.size(), line);
        assertTrue(errors.getFirst().hint().contains(scope.title()), errors.getFirst()::render);
    }
}
