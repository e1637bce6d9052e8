package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * The status page in Chromium, with the embedded driver: what it shows, what a click on drain does to the table, and what
 * axe-core reports. Writes screenshots to {@code lab/target/screenshots}. Runs with {@code -Pfull}, and requires the packages
 * chromium and chromium-driver.
 */
final class BrowserIT {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final String TOKEN = "a-token-of-the-browser-test";

    @TempDir
    private Path directory;

    private final List<HttpServer> servers = new ArrayList<>();
    private int http;
    private LvsdProcess lvsd;
    private ChromeDriver browser;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("lvsd.lab.full"), "runs with -Pfull");
        assertTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "install the packages chromium and chromium-driver");
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
        browser = open(true);
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

    private static ChromeDriver open(boolean script) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
        if (!script) {
            options.setExperimentalOption("prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .build();
        ChromeDriver opened = new ChromeDriver(service, options);
        opened.manage().window().setSize(new Dimension(1300, 1000));
        return opened;
    }

    @AfterEach
    void stop() throws Exception {
        if (browser != null) {
            browser.quit();
        }
        if (lvsd != null) {
            lvsd.close();
        }
        servers.forEach(s -> s.stop(0));
    }

    private void load() {
        browser.get("http://127.0.0.1:" + http + "/");
    }

    private WebElement row(int server) {
        return browser.findElement(By.cssSelector("tr[data-rs='" + address(server) + "']"));
    }

    private void until(String what, BooleanSupplier condition) throws InterruptedException {
        lvsd.until(what, condition);
    }

    private void screenshot(String name) throws IOException {
        Path target = Files.createDirectories(Path.of("target/screenshots"));
        Files.write(target.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    private void scheme(String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Violations that axe-core rates as serious or critical. */
    private List<String> seriousViolations() throws IOException {
        String resource = "META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
        try (InputStream in = BrowserIT.class.getClassLoader().getResourceAsStream(resource)) {
            browser.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object found = browser.executeAsyncScript("const done = arguments[0]; axe.run().then(r => done(r.violations"
                + ".filter(v => ['serious', 'critical'].includes(v.impact))"
                + ".map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; '))))");
        return ((List<?>) Objects.requireNonNull(found))
                .stream().map(Object::toString).toList();
    }

    @Test
    void showsEachStateAndAxeReportsNothingSerious() throws Exception {
        load();
        until(
                "all are up",
                () -> browser.findElements(By.cssSelector(".vs .badge.ok")).size() == 4);
        screenshot("all-up");
        assertEquals(List.of(), seriousViolations());
        servers.get(0).stop(0);
        until("the page shows the failure", () -> "down".equals(row(0).getAttribute("data-state")));
        assertTrue(row(0).getText().contains("connect_refused"), row(0)::getText);
        assertTrue(browser.getTitle().startsWith("1 degraded"), browser::getTitle);
        screenshot("one-down");
        servers.get(1).stop(0);
        servers.get(2).stop(0);
        until(
                "the page shows the sorry server",
                () -> browser.findElements(By.cssSelector(".vs .badge.down"))
                        .getFirst()
                        .getText()
                        .equals("sorry server in use"));
        screenshot("sorry-server");
        for (String scheme : List.of("light", "dark")) {
            scheme(scheme);
            assertEquals(List.of(), seriousViolations(), scheme);
        }
        screenshot("dark");
        browser.manage().window().setSize(new Dimension(390, 844));
        screenshot("phone");
        assertEquals(List.of(), seriousViolations());
        Object fits = browser.executeScript("return document.documentElement.scrollWidth <= window.innerWidth");
        assertEquals(true, fits, "no horizontal scrolling");
    }

    @Test
    void drainChangesTheTable() throws Exception {
        load();
        until(
                "all are up",
                () -> browser.findElements(By.cssSelector(".vs .badge.ok")).size() == 4);
        row(2).findElement(By.cssSelector("[data-action=drain]")).click();
        String text = browser.findElement(By.id("dialog-text")).getText();
        assertTrue(text.startsWith("50 % of the live weight leaves: 4 becomes 2.\n0 active connections."), text);
        screenshot("drain-dialog");
        assertEquals(List.of(), seriousViolations());
        browser.findElement(By.id("token")).sendKeys("wrong-token");
        browser.findElement(By.id("confirm")).click();
        until(
                "the token is refused",
                () -> !browser.findElement(By.id("dialog-error")).getText().isEmpty());
        assertFalse(lvsd.ask("status").contains("DRAINED"));
        WebElement token = browser.findElement(By.id("token"));
        token.clear();
        token.sendKeys(TOKEN, Keys.ENTER);
        until(
                "the dialog is closed",
                () -> !browser.findElement(By.id("dialog")).isDisplayed());
        until("the page shows it", () -> row(2).getText().contains("drained"));
        assertTrue(lvsd.ask("status").contains("up DRAINED"));
        until("it is not in the table", () -> !askTable().contains(address(2)));
        row(2).findElement(By.cssSelector("[data-action=enable]")).click();
        browser.findElement(By.id("confirm")).click();
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
        browser.findElement(By.id("search")).sendKeys(address(1));
        assertTrue(row(1).isDisplayed());
        assertFalse(row(0).isDisplayed());
        browser.findElement(By.id("search")).clear();
        browser.findElement(By.id("search")).sendKeys(" ");
        assertTrue(row(0).isDisplayed());
        browser.findElement(By.id("problems")).sendKeys(Keys.SPACE);
        until(
                "nothing is a problem",
                () -> !browser.findElement(By.className("vs")).isDisplayed());
        browser.findElement(By.id("problems")).sendKeys(Keys.SPACE);
        load();
        browser.switchTo().activeElement().sendKeys(Keys.TAB);
        assertEquals("skip", browser.switchTo().activeElement().getAttribute("class"));
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);
        assertEquals("servers", browser.switchTo().activeElement().getAttribute("id"));
        browser.switchTo().activeElement().sendKeys(Keys.TAB);
        assertEquals("drain", browser.switchTo().activeElement().getAttribute("data-action"));
    }

    @Test
    void isCompleteWithoutAScript() throws IOException {
        browser.quit();
        browser = open(false);
        load();
        assertEquals(3, browser.findElements(By.cssSelector("tbody tr")).size());
        assertFalse(browser.findElement(By.id("filter")).isDisplayed());
        assertFalse(row(0).findElement(By.cssSelector("[data-action=drain]")).isDisplayed());
        assertTrue(browser.findElement(By.tagName("main")).getText().contains("Show problems only"));
        screenshot("without-script");
    }
}
