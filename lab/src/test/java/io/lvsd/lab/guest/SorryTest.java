package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code sorry_server 127.0.0.1 80}, for each method, port and family, and each owner of port 80. */
final class SorryTest {
    private static String service(String address, int port, String method, String sorry, String real) {
        return "virtual_server %s %d {\n delay_loop 1\n lvs_sched rr\n lvs_method %s\n protocol TCP\n sorry_server %s 80\n real_server %s 81 {\n  TCP_CHECK {\n   connect_timeout 1\n  }\n }\n}\n"
                .formatted(address, port, method, sorry, real);
    }

    private static final String CONFIG = service("10.1.0.100", 80, "NAT", "127.0.0.1", "10.2.0.11")
            + service("10.1.0.100", 8081, "NAT", "127.0.0.1", "10.2.0.11")
            + service("10.1.0.101", 80, "DR", "127.0.0.1", "10.2.0.11")
            + service("10.1.0.101", 8081, "DR", "127.0.0.1", "10.2.0.11")
            + service("10.1.0.102", 80, "TUN", "127.0.0.1", "10.2.0.11")
            + service("10.1.0.102", 8081, "TUN", "127.0.0.1", "10.2.0.11")
            + service("fd00:1::100", 80, "NAT", "::1", "fd00:2::11")
            + service("fd00:1::100", 8081, "NAT", "::1", "fd00:2::11")
            + service("fd00:1::101", 80, "DR", "::1", "fd00:2::11");

    private static final String[] URLS = {
        "http://10.1.0.100/",
        "http://10.1.0.100:8081/",
        "http://10.1.0.101/",
        "http://10.1.0.101:8081/",
        "http://10.1.0.102/",
        "http://10.1.0.102:8081/",
        "http://[fd00:1::100]/",
        "http://[fd00:1::100]:8081/",
        "http://[fd00:1::101]/"
    };

    @Test
    void theRightPageAnswersWhoeverHasPort80() {
        try (Bed bed = new Bed()) {
            LvsdProcess lvsd = bed.lvsd(bed.write("lvsd.conf", CONFIG));
            everywhere(bed, lvsd, "no web server: the built-in page", "502", ":1808");

            Background v4 = bed.web("d", "127.0.0.1:80", "loopback");
            Background v6 = bed.web("d", "[::1]:80", "loopback6");
            everywhere(bed, lvsd, "a web server on loopback only: relayed", "loopback", ":1808");

            v4.close();
            v6.close();
            bed.web("d", "80", "wildcard");
            everywhere(bed, lvsd, "a web server on every address: itself", "wildcard", ":80");
        }
    }

    private static void everywhere(Bed bed, LvsdProcess lvsd, String what, String expected, String destination) {
        Bed.waitFor(
                what + ", in the table",
                () -> bed.destinations().stream()
                                .filter(d -> d.contains(destination) && d.endsWith(" 1"))
                                .count()
                        >= URLS.length - 2,
                () -> bed.table() + lvsd.log());
        Map<String, String> wrong = new TreeMap<>();
        Bed.waitFor(
                what,
                () -> {
                    wrong.clear();
                    wrong.putAll(answers(bed));
                    wrong.values().removeIf(a -> a.contains(expected));
                    return wrong.isEmpty();
                },
                () -> wrong + "\n" + bed.table() + lvsd.log());
        assertEquals(Map.of(), wrong);
    }

    private static Map<String, String> answers(Bed bed) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String url : URLS) {
            String answer = bed.get(url);
            answers.put(url, answer.substring(Math.max(0, answer.length() - 40)));
        }
        return answers;
    }
}
