package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The status page with 1,000 real servers in Chromium. Prints figures: size, first paint, tasks that block the page, and how
 * long an update takes. Runs with {@code -Pfull}.
 */
final class ManyServersBrowserIT {
    private static final int SERVERS = 1_000;
    private static final int OF_ONE = 250;
    private static final int EVERY_DOWN = 97;
    private static final String TOKEN = "a-token-of-the-browser-test";

    /** Adds the durations of tasks of 50 ms or more to window.tasks, also of those before. */
    private static final String OBSERVE = "window.tasks = []; new PerformanceObserver(l => l.getEntries().forEach(e =>"
            + " window.tasks.push(e.duration))).observe({type: 'longtask', buffered: true}); return 0";

    @TempDir
    private Path directory;

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path config(int http, int server) throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "browser " + TOKEN + " write\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        StringBuilder text = new StringBuilder(
                "lvsd {\n http {\n  listen 127.0.0.1:" + http + "\n  token_file " + token + "\n }\n}\n");
        int closed = freePort();
        for (int i = 0; i < SERVERS; i++) {
            if (i % OF_ONE == 0) {
                text.append(i == 0 ? "" : "}\n")
                        .append("virtual_server 192.0.2.")
                        .append(1 + i / OF_ONE)
                        .append(" 80 {\n delay_loop 5\n lvs_sched wrr\n lvs_method NAT\n protocol TCP\n");
            }
            text.append(" real_server 127.0.")
                    .append(1 + i / OF_ONE)
                    .append('.')
                    .append(1 + i % OF_ONE)
                    .append(' ')
                    .append(i % EVERY_DOWN == 0 ? closed : server)
                    .append(" {\n  TCP_CHECK {\n   connect_timeout 3\n   retry 0\n  }\n }\n");
        }
        return Files.writeString(directory.resolve("lvsd.conf"), text + "}\n");
    }

    @Test
    void aThousandRealServers() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("lvsd.lab.full"), "runs with -Pfull");
        HttpServer web = HttpServer.create(new InetSocketAddress(0), SERVERS);
        web.start();
        int http = freePort();
        int down = (SERVERS + EVERY_DOWN - 1) / EVERY_DOWN;
        Path file = config(http, web.getAddress().getPort());
        try (LvsdProcess lvsd = LvsdProcess.startReady(directory, file, "--driver", "memory");
                Browser browser = Browser.open(true)) {
            lvsd.until("the others are up", () -> lvsd.count("event=check.up") == SERVERS - down);
            lvsd.until("some are down", () -> lvsd.count("event=rs.down") == down);
            browser.driver().get("http://127.0.0.1:" + http + "/");
            browser.script(OBSERVE);
            assertEquals(SERVERS, browser.all("tbody tr").size());
            assertEquals(down, browser.all("tr.down").size());
            browser.screenshot("1000-servers");
            browser.assertFitsTheWidth();
            System.out.println("1,000 real servers: "
                    + browser.asyncScript(
                            "const done = arguments[0]; const n = performance.getEntriesByType('navigation')[0];const"
                                + " paint = performance.getEntriesByName('first-contentful-paint')[0];done('HTML ' +"
                                + " n.decodedBodySize + ' bytes, transferred ' + n.transferSize + '; response after '"
                                + " + Math.round(n.responseEnd) + ' ms, first paint ' + Math.round(paint.startTime) +"
                                + " ' ms, complete ' + Math.round(n.loadEventEnd) + ' ms; tasks of 50 ms or more: ' +"
                                + " window.tasks.map(Math.round))"));
            System.out.println("update: "
                    + browser.asyncScript(
                            update("127.0.1.100:" + web.getAddress().getPort())));
            filter(browser, lvsd, down);
            browser.size(390, 844);
            browser.screenshot("1000-servers-phone");
            browser.assertFitsTheWidth();
        } finally {
            web.stop(0);
        }
    }

    /** Drains a server through the API, and waits until its row shows it. */
    private static String update(String server) {
        return "const done = arguments[0]; window.tasks = []; const begun = performance.now();"
                + "const row = document.querySelector('tr[data-rs=\"" + server + "\"]');"
                + "new MutationObserver(() => { if (row.textContent.includes('drained')) setTimeout(() => done("
                + "'row changed after ' + Math.round(performance.now() - begun) + ' ms; tasks of 50 ms or more: '"
                + " + window.tasks.map(Math.round)), 500); }).observe(row, {childList: true});"
                + "fetch('/api/v1/virtual-servers/' + encodeURIComponent(row.closest('.vs').dataset.vs)"
                + " + '/real-servers/" + server + "/drain', {method: 'POST', body: '{}', headers:"
                + " {'Content-Type': 'application/json', Authorization: 'Bearer " + TOKEN + "'}});";
    }

    private static void filter(Browser browser, LvsdProcess lvsd, int down) throws Exception {
        browser.find("#problems").click();
        lvsd.until(
                "problems only",
                () -> browser.script("return [...document.querySelectorAll('tbody tr')].filter(r => !r.hidden).length")
                        .equals((long) down + 1));
        browser.find("#search").sendKeys("127.0.2.");
        assertTrue(browser.all(".vs").stream().filter(v -> v.isDisplayed()).count() == 1);
        browser.screenshot("1000-servers-problems");
        browser.find("#search").clear();
        browser.find("#search").sendKeys(" ");
        browser.find("#problems").click();
    }
}
