package io.lvsd.core.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.view.DaemonInfo;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.StatusReport.Check;
import io.lvsd.core.view.StatusReport.Condition;
import io.lvsd.core.view.StatusReport.Config;
import io.lvsd.core.view.StatusReport.Maintenance;
import io.lvsd.core.view.StatusReport.Probe;
import io.lvsd.core.view.StatusReport.Probes;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.Service;
import io.lvsd.core.view.StatusReport.SorryServer;
import io.lvsd.core.view.StatusReport.Summary;
import io.lvsd.core.view.StatusReport.VirtualServer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The HTML of the status page. */
final class StatusPageTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final String EVIL = "<script>alert('x')</script>\" onload=\"x";

    private static final PageEvent EVENT =
            new PageEvent(NOW.minusSeconds(9), "WARN", "rs.down", "rs=10.0.0.11:80 reason=" + EVIL);
    private static final RecentEvents EVENTS =
            new RecentEvents(List.of(EVENT), Map.of("192.0.2.1:80/tcp", List.of(EVENT)));

    private static Check check(String state, Optional<String> reason) {
        Probe probe = new Probe(
                NOW.minusSeconds(2),
                state.equals("up") ? "passed" : "failed",
                reason,
                4.2,
                Optional.of(1.2),
                Optional.empty(),
                Optional.of(2.5),
                Optional.of(0.5),
                OptionalLong.of(503));
        return new Check(
                "HTTP_GET",
                "HTTP_GET",
                "GET http://10.0.0.11:80/",
                state,
                NOW.minusSeconds(90),
                1,
                0,
                1,
                0,
                1,
                reason,
                Optional.of(probe),
                Optional.of(NOW.plusSeconds(3)),
                Optional.empty(),
                Optional.empty());
    }

    private static RealServer realServer(String address, String state, Optional<String> reason) {
        return new RealServer(
                address,
                state,
                false,
                NOW.minusSeconds(90),
                1,
                3,
                2,
                false,
                false,
                "enabled",
                OptionalLong.empty(),
                state.equals("up"),
                OptionalLong.of(3),
                OptionalLong.of(17),
                OptionalLong.of(4),
                OptionalLong.of(100),
                OptionalLong.of(1),
                OptionalLong.of(2),
                List.of(check(state, reason)));
    }

    private static final Maintenance MAINTENANCE = new Maintenance(
            "command",
            NOW.minusSeconds(60),
            Optional.of(NOW.plusSeconds(3_600)),
            Optional.of(EVIL),
            List.of("192.0.2.0/24"),
            false,
            OptionalLong.empty());

    private static VirtualServer virtualServer(String id, Condition condition, RealServer... servers) {
        return new VirtualServer(
                id,
                Optional.of("web"),
                condition == Condition.DOWN ? "down" : "up",
                condition,
                NOW.minusSeconds(3_700),
                0,
                3,
                2,
                0,
                "live 3, goes down below 2: quorum 2",
                false,
                false,
                condition == Condition.MAINTENANCE ? Optional.of(MAINTENANCE) : Optional.empty(),
                Optional.of(new SorryServer(
                        "127.0.0.1:80",
                        condition == Condition.SORRY_SERVER,
                        Map.of(id, "192.0.2.1:18080"),
                        Optional.of(NOW.minusSeconds(10)),
                        2,
                        OptionalLong.empty(),
                        Optional.empty())),
                List.of(new Service(id, true, 1, 5, 1, 1, Optional.empty())),
                List.of(servers),
                List.of());
    }

    private static StatusReport report(VirtualServer... servers) {
        return new StatusReport(
                NOW,
                "1.0",
                "director-1",
                NOW.minusSeconds(100),
                "kernel",
                false,
                Optional.empty(),
                Optional.empty(),
                new Config(
                        "/etc/lvsd/lvsd.conf",
                        "0123456789abcdef",
                        NOW.minusSeconds(50),
                        Optional.of(new DaemonInfo.Reload(NOW.minusSeconds(5), "refused", "1 new error"))),
                new Probes(1, 0, 0, 0),
                "running",
                new Summary(1, 0, 1, 0, 0, 0, 3, 1, 0, 0, 0, 0),
                List.of(servers),
                Map.of("kernel", EVIL),
                List.of(),
                Map.of(),
                Optional.empty());
    }

    private static String html(boolean onlyProblems, VirtualServer... servers) {
        return StatusPage.html(new PageInput(report(servers), PageInput.Traffic.NONE, 0.5, EVENTS, onlyProblems));
    }

    @Test
    void showsStateReasonTimesAndProbe() {
        String html = html(
                false,
                virtualServer(
                        "192.0.2.1:80/tcp",
                        Condition.DEGRADED,
                        realServer("10.0.0.11:80", "down", Optional.of("status, 503"))));
        for (String expected : List.of(
                "<span class=\"badge degraded\">degraded</span>",
                "live 3, goes down below 2: quorum 2",
                "title=\"2026-05-01T10:58:20Z\">1h01m</time>",
                "sorry server 127.0.0.1:80: not in use for <time",
                "<span class=\"reason\">status, 503</span>",
                "failed with 503 in 4.20 ms",
                "connect 1.20 ms, first byte 2.50 ms, response 0.50 ms",
                "<details open><summary>Recent events (1)</summary>",
                "<section id=\"events\"",
                "<b>rs.down</b> rs=10.0.0.11:80",
                "last reload refused",
                "next in <time data-form=\"until\"",
                "3 <small>configured 2, not in table</small>",
                "was refused: 1 new error",
                "<title>1 down - lvsd on director-1</title>")) {
            assertTrue(html.contains(expected), () -> expected + "\n" + html);
        }
    }

    @Test
    void whatPeersSendIsEscaped() {
        String html = html(
                false,
                virtualServer("192.0.2.1:80/tcp", Condition.DEGRADED, realServer(EVIL, "down", Optional.of(EVIL))));
        assertFalse(html.contains("<script>alert"), html);
        assertFalse(html.contains("\" onload"), html);
    }

    /** The content policy forbids scripts and styles within the page. */
    @Test
    void hasNothingInline() {
        String html = html(
                false,
                virtualServer("192.0.2.1:80/tcp", Condition.OK, realServer("10.0.0.11:80", "up", Optional.empty())));
        assertFalse(
                Pattern.compile("<style|<script(?! src=)|<[^>]* (style|on[a-z]+)=")
                        .matcher(html)
                        .find(),
                html);
    }

    @Test
    void showsMaintenanceWithItsSettings() {
        String html = html(
                false,
                virtualServer(
                        "192.0.2.1:80/tcp", Condition.MAINTENANCE, realServer("10.0.0.11:80", "up", Optional.empty())));
        for (String expected : List.of(
                "<span class=\"badge degraded\">maintenance</span>",
                "<p class=\"maintenance\">maintenance for <time",
                ", by command, until 2026-05-01T13:00:00Z, allowed: 192.0.2.0/24, message: ")) {
            assertTrue(html.contains(expected), () -> expected + "\n" + html);
        }
        assertFalse(html.contains("<script>alert"), html);
    }

    @Test
    void problemsComeFirstAndCanBeShownAlone() {
        VirtualServer good =
                virtualServer("192.0.2.1:80/tcp", Condition.OK, realServer("10.0.0.11:80", "up", Optional.empty()));
        VirtualServer bad = virtualServer(
                "192.0.2.2:80/tcp", Condition.SORRY_SERVER, realServer("10.0.0.12:80", "down", Optional.of("x")));
        String all = html(false, good, bad);
        assertTrue(all.indexOf("192.0.2.2:80/tcp") < all.indexOf("192.0.2.1:80/tcp"), all);
        String problems = html(true, good, bad);
        assertFalse(problems.contains("192.0.2.1:80/tcp"), problems);
        assertTrue(problems.contains("10.0.0.12:80"), problems);
    }

    @Test
    void theRevisionOfARowChangesWithItsContentsOnly() {
        Html one = new Html(NOW).text("a ").ago(NOW.minusSeconds(5));
        Html later = new Html(NOW.plusSeconds(9)).text("a ").ago(NOW.minusSeconds(5));
        Html other = new Html(NOW).text("b ").ago(NOW.minusSeconds(5));
        assertEquals(one.stable(), later.stable());
        assertNotEquals(one.stable(), other.stable());
        assertNotEquals(one.toString(), later.toString());
    }

    @Test
    void aChartHasOnePointForEachSampleAndATextAlternative() {
        assertEquals(
                "<svg class=\"spark\" viewBox=\"0 0 120 24\" preserveAspectRatio=\"none\" role=\"img\""
                        + " aria-label=\"rate: now 4, maximum of ten minutes 8\">"
                        + "<polygon points=\"116,24 116,23 118,1 120,12 120,24\"/>"
                        + "<polyline points=\"116,23 118,1 120,12\"/></svg><small class=\"max\">max 8</small>",
                Sparkline.of(new int[] {0, 8, 4}, "rate"));
    }

    @Test
    void nothingIsDrawnWithoutTraffic() {
        assertEquals("", Sparkline.of(new int[] {0, 0}, "rate"));
        assertEquals("", Sparkline.of(new int[0], "rate"));
    }

    @Test
    void countsAreShort() {
        assertEquals("999", Sparkline.count(999));
        assertEquals("1.0k", Sparkline.count(1_000));
        assertEquals("99.9k", Sparkline.count(99_949));
        assertEquals("100k", Sparkline.count(99_960));
        assertEquals("1.0M", Sparkline.count(999_600));
        assertEquals("9223372T", Sparkline.count(Long.MAX_VALUE));
    }
}
