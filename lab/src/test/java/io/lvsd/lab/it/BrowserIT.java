package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The status page in Chromium, with the embedded driver: what it shows, what a click on drain does to the table, and what
 * axe-core reports. Writes screenshots to {@code lab/target/screenshots}. Runs with {@code -Pfull}, and requires the packages
 * chromium and chromium-driver.
 */
final class BrowserIT {
    private static final String TOKEN = "a-token-of-the-browser-test";

    @TempDir
    private Path directory;

    private final List<HttpServer> servers = new ArrayList<>();
    private int http;
    private LvsdProcess lvsd;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("lvsd.lab.full"), "runs with -Pfull");
        http = freePort();
        Path token = Files.writeString(directory.resolve("token"), "browser " + TOKEN + " write\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        for (int i = 0; i < 3; i++) {
            servers.add(web());
        }
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(
                file,
                "lvsd {\n http {\n  listen 127.0.0.1:" + http + "\n  token_file " + token + "\n }\n}\n"
                        + "virtual_server 127.0.0.1 " + freePort()
                        + " {\n"
                        + " delay_loop 1\n"
                        + " lvs_sched wrr\n"
                        + " lvs_method NAT\n"
                        + " protocol TCP\n"
                        + " sorry_server 127.0.0.1 80\n"
                        + realServer(0, 1) + realServer(1, 1) + realServer(2, 2) + "}\n");
        lvsd = LvsdProcess.startReady(directory, file, "--driver", "embedded");
        browser = Browser.open(true);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpServer web() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private String address(int server) {
        return "127.0.0.1:" + servers.get(server).getAddress().getPort();
    }

    private String realServer(int server, int weight) {
        return " real_server " + address(server).replace(":", " ") + " {\n  weight " + weight
                + "\n  HTTP_GET {\n   url {\n    path /health\n    status_code 200\n   }\n   connect_timeout 1\n"
                + "   retry 0\n  }\n }\n";
    }

    @AfterEach
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (lvsd != null) {
            lvsd.close();
        }
        servers.forEach(s -> s.stop(0));
    }

    private void load() {
        browser.driver().get("http://127.0.0.1:" + http + "/");
    }

    private WebElement row(int server) {
        return browser.find("tr[data-rs='" + address(server) + "']");
    }

    private void until(String what, BooleanSupplier condition) throws InterruptedException {
        lvsd.until(what, condition);
    }

    /** All changes arrive through the stream of events: the page is loaded once. */
    @Test
    void showsEachStateAndIsAccessible() throws Exception {
        load();
        browser.script("window.loadedOnce = true; return 0");
        until("all are up", () -> browser.all(".vs .badge.ok").size() == 4);
        browser.screenshot("all-up");
        browser.assertAccessible("all up");
        servers.get(0).stop(0);
        until("the page shows the failure", () -> "down".equals(row(0).getAttribute("data-state")));
        assertTrue(row(0).getText().contains("connect_refused"), row(0)::getText);
        assertTrue(browser.driver().getTitle().startsWith("1 degraded"), browser.driver()::getTitle);
        until(
                "the page shows the event",
                () -> browser.find("#events").getText().contains("rs.down"));
        assertTrue(browser.find(".vs .events").isDisplayed(), "events of a server with problems are unfolded");
        browser.screenshot("one-down");
        browser.assertAccessible("one down");
        servers.get(1).stop(0);
        servers.get(2).stop(0);
        until(
                "the page shows the sorry server",
                () -> browser.find(".vs .badge.down").getText().equals("sorry server in use"));
        browser.screenshot("sorry-server");
        for (String scheme : List.of("light", "dark")) {
            browser.scheme(scheme);
            browser.assertAccessible("sorry server, " + scheme);
        }
        browser.screenshot("dark");
        browser.assertFitsTheWidth();
        browser.size(390, 844);
        browser.assertFitsTheWidth();
        browser.assertAccessible("phone, dark");
        browser.scheme("light");
        browser.screenshot("phone");
        browser.assertAccessible("phone");
        assertEquals(true, browser.script("return window.loadedOnce"));
    }

    @Test
    void drainChangesTheTable() throws Exception {
        load();
        until("all are up", () -> browser.all(".vs .badge.ok").size() == 4);
        row(2).findElement(By.cssSelector("[data-action=drain]")).click();
        String text = browser.find("#dialog-text").getText();
        assertTrue(text.startsWith("50 % of the live weight leaves: 4 becomes 2.\n0 active connections."), text);
        browser.screenshot("drain-dialog");
        browser.assertAccessible("dialog");
        browser.find("#token").sendKeys("wrong-token");
        browser.find("#confirm").click();
        until(
                "the token is refused",
                () -> !browser.find("#dialog-error").getText().isEmpty());
        assertFalse(lvsd.ask("status").contains("DRAINED"));
        WebElement token = browser.find("#token");
        token.clear();
        token.sendKeys(TOKEN, Keys.ENTER);
        until("the dialog is closed", () -> !browser.find("#dialog").isDisplayed());
        until("the page shows it", () -> row(2).getText().contains("drained"));
        assertTrue(lvsd.ask("status").contains("up DRAINED"));
        until("it is not in the table", () -> !askTable().contains(address(2)));
        row(2).findElement(By.cssSelector("[data-action=enable]")).click();
        browser.find("#confirm").click();
        until("it is in the table again", () -> askTable().contains(address(2)));
    }

    private String askTable() {
        try {
            return lvsd.ask("table");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void filterSortAndKeyboard() throws Exception {
        load();
        browser.find("#search").sendKeys(address(1));
        assertTrue(row(1).isDisplayed());
        assertFalse(row(0).isDisplayed());
        browser.find("#search").clear();
        browser.find("#search").sendKeys(" ");
        assertTrue(row(0).isDisplayed());
        browser.find("#problems").sendKeys(Keys.SPACE);
        until("nothing is a problem", () -> !browser.find(".vs").isDisplayed());
        browser.find("#problems").sendKeys(Keys.SPACE);
        load();
        browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
        assertEquals("skip", browser.driver().switchTo().activeElement().getAttribute("class"));
        browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
        assertEquals("servers", browser.driver().switchTo().activeElement().getAttribute("id"));
        browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
        assertEquals("drain", browser.driver().switchTo().activeElement().getAttribute("data-action"));
    }

    @Test
    void isCompleteWithoutAScript() throws IOException {
        browser.close();
        browser = Browser.open(false);
        load();
        assertEquals(3, browser.all("tbody tr").size());
        assertFalse(browser.find("#filter").isDisplayed());
        assertFalse(row(0).findElement(By.cssSelector("[data-action=drain]")).isDisplayed());
        assertTrue(browser.find("main").getText().contains("Show problems only"));
        browser.screenshot("without-script");
    }
}
