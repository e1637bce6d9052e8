package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The main job, with the file that the README starts with. */
final class QuickstartTest {
    private static final String VIP = "http://10.1.0.100/";

    @Test
    void clientsAreBalancedThenGetTheSorryPageThenRealAnswersAgain() {
        try (Bed bed = new Bed()) {
            Background one = bed.web("r1", "80", "one");
            Background two = bed.web("r2", "80", "two");
            LvsdProcess lvsd = bed.lvsd(Path.of("examples/quickstart/keepalived.conf"));
            lvsd.logs("rs=10.2.0.11:80 check=HTTP_GET from=unknown");
            lvsd.logs("rs=10.2.0.12:80 check=HTTP_GET from=unknown");
            bed.until("both servers are in", () -> bed.destinations().size() == 2);

            List<String> answers = requests(bed, 10);
            assertEquals(
                    List.of(5L, 5L),
                    List.of(count(answers, "one\n200"), count(answers, "two\n200")),
                    answers::toString);

            one.close();
            bed.until("only the second is in", () -> bed.destinations().equals(List.of("10.2.0.12:80 1")));
            assertEquals(10, count(requests(bed, 10), "two\n200"));

            two.close();
            bed.until("the sorry server is in", () -> bed.destinations().contains("10.1.0.100:18080 1"));
            for (String path : List.of("", "index.html", "a/b?c=d", "404.html", "%2e%2e/etc/passwd")) {
                String answer = bed.get(VIP + path);
                assertTrue(answer.endsWith("502") && answer.contains("temporarily unavailable"), path + ": " + answer);
            }
            String headers = bed.client("curl -si --max-time 10 " + VIP);
            assertTrue(headers.startsWith("HTTP/1.1 502 Service temporarily down"), headers);
            assertTrue(headers.toLowerCase(java.util.Locale.ROOT).contains("retry-after: 30"), headers);

            bed.web("r1", "80", "one");
            bed.until("the first is back", () -> bed.destinations().contains("10.2.0.11:80 1"));
            assertEquals(5, count(requests(bed, 5), "one\n200"));
            bed.until("the sorry server has left", () -> bed.destinations().equals(List.of("10.2.0.11:80 1")));

            assertEquals(0, lvsd.terminate());
            assertEquals(List.of(), bed.destinations());
        }
    }

    private static List<String> requests(Bed bed, int count) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(bed.get(VIP));
        }
        return answers;
    }

    private static long count(List<String> answers, String answer) {
        return answers.stream().filter(answer::equals).count();
    }
}
