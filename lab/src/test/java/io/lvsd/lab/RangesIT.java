package io.lvsd.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which numbers packaged keepalived and lvsd accept after each keyword: small and large, with a sign, fractions, none. */
final class RangesIT {
    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "-1",
            "+1",
            "2",
            "007",
            "1.5",
            ".5",
            "0.000001",
            "0.0000001",
            "100",
            "253",
            "254",
            "255",
            "256",
            "999",
            "1000",
            "4294",
            "4295",
            "32767",
            "32768",
            "65535",
            "65536",
            "86400",
            "86401",
            "2147483647",
            "2147483648",
            "4294967295",
            "4294967296",
            "18446744073709",
            "18446744073710",
            "99999999999999999999",
            "abc",
            "0x10",
            "1e3",
            "1s",
            "");

    private static final Pattern REPORT = Pattern.compile("r\\.conf: Line (\\d+)\\)");

    /** The lines of a virtual server up to where the keyword is placed, and those behind it. */
    private static final Map<String, List<String>> PLACES = Map.of(
            "virtual_server",
            List.of("", " real_server 10.200.0.1 80 {\n  TCP_CHECK {\n  }\n }\n}\n"),
            "real_server",
            List.of(" real_server 10.200.0.1 80 {\n", "  TCP_CHECK {\n  }\n }\n}\n"),
            "TCP_CHECK",
            List.of(" real_server 10.200.0.1 80 {\n  TCP_CHECK {\n", "  }\n }\n}\n"),
            "HTTP_GET",
            List.of(" real_server 10.200.0.1 80 {\n  HTTP_GET {\n   url {\n    path /\n   }\n", "  }\n }\n}\n"),
            "url",
            List.of(" real_server 10.200.0.1 80 {\n  HTTP_GET {\n   url {\n    path /\n", "   }\n  }\n }\n}\n"),
            "SMTP_CHECK",
            List.of(" real_server 10.200.0.1 80 {\n  SMTP_CHECK {\n", "  }\n }\n}\n"),
            "DNS_CHECK",
            List.of(" real_server 10.200.0.1 80 {\n  DNS_CHECK {\n", "  }\n }\n}\n"),
            "MISC_CHECK",
            List.of(" real_server 10.200.0.1 80 {\n  MISC_CHECK {\n   misc_path /bin/true\n", "  }\n }\n}\n"),
            "UDP_CHECK",
            List.of(" real_server 10.200.0.1 80 {\n  UDP_CHECK {\n", "  }\n }\n}\n"),
            "PING_CHECK",
            List.of(" real_server 10.200.0.1 80 {\n  PING_CHECK {\n", "  }\n }\n}\n"));

    @TempDir
    private Path directory;

    @BeforeAll
    static void keepalivedIsInstalled() throws Exception {
        boolean installed = new ProcessBuilder("sh", "-c", "command -v keepalived && [ $(id -u) = 0 ]")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
        assertTrue(
                installed || !"required".equals(System.getProperty("lab")),
                "RangesIT needs root, and keepalived: apt-get install keepalived");
        Assumptions.assumeTrue(installed, "no root, or no keepalived");
    }

    /** Values that only one of them accepts, with the number of the line of each. */
    private Set<String> differences(String place, String keyword) throws IOException, InterruptedException {
        List<String> around = Objects.requireNonNull(PLACES.get(place));
        StringBuilder text = new StringBuilder("global_defs {\n script_user root\n enable_script_security\n}\n");
        List<Integer> lines = new ArrayList<>();
        for (int i = 0; i < VALUES.size(); i++) {
            text.append("virtual_server 10.1.0.")
                    .append(1 + i)
                    .append(" 80 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n");
            text.append(around.getFirst());
            lines.add(1 + (int) text.chars().filter(c -> c == '\n').count());
            text.append(keyword).append(' ').append(VALUES.get(i)).append('\n');
            text.append(around.getLast());
        }
        Path file = Files.writeString(directory.resolve("r.conf"), text);
        LvsdProcess.Result theirs = LvsdProcess.run(new ProcessBuilder("keepalived", "-t", "-f", file.toString()));
        Set<Integer> reported = theirs.text()
                .lines()
                .map(REPORT::matcher)
                .filter(Matcher::find)
                .map(m -> Integer.valueOf(m.group(1)))
                .collect(Collectors.toSet());
        Set<Integer> errors = ConfigLoader.load(file).problems().stream()
                .filter(ConfigProblem::isError)
                .map(p -> p.origin().line())
                .collect(Collectors.toSet());
        Set<String> differences = new TreeSet<>();
        for (int i = 0; i < VALUES.size(); i++) {
            if (reported.contains(lines.get(i)) != errors.contains(lines.get(i))) {
                differences.add((reported.contains(lines.get(i)) ? "keepalived " : "lvsd ") + VALUES.get(i));
            }
        }
        return differences;
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "virtual_server, delay_loop retry delay_before_retry warmup connect_timeout weight persistence_timeout",
        "real_server, delay_loop retry delay_before_retry warmup connect_timeout weight uthreshold",
        "TCP_CHECK, delay_loop retry delay_before_retry warmup connect_timeout connect_port bind_port fwmark",
        "HTTP_GET, delay_loop retry delay_before_retry warmup connect_timeout connect_port fwmark nb_get_retry",
        "SMTP_CHECK, delay_loop retry delay_before_retry warmup connect_timeout connect_port",
        "DNS_CHECK, delay_loop retry delay_before_retry warmup connect_timeout connect_port",
        "MISC_CHECK, delay_loop retry delay_before_retry warmup misc_timeout",
        "UDP_CHECK, delay_loop retry warmup connect_timeout connect_port min_reply_length max_reply_length",
        "PING_CHECK, delay_loop retry delay_before_retry warmup connect_timeout"
    })
    void bothAcceptTheSameNumbers(String place, String keywords) throws IOException, InterruptedException {
        for (String keyword : keywords.split(" ")) {
            assertEquals(Set.of(), differences(place, keyword), place + " " + keyword);
        }
    }

    /** With keepalived 2.2.7 a code that is missing is 0, which no answer has. */
    @Test
    void aMissingStatusIsAnErrorHereOnly() throws Exception {
        assertEquals(Set.of("lvsd "), differences("url", "status_code"));
    }
}
