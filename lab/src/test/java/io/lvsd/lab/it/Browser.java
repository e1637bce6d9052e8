package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Headless Chromium. Requires the packages chromium and chromium-driver. Not for several threads. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final int WIDTH = 1300;
    private static final int HEIGHT = 1000;

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** @param script whether pages may run scripts */
    static Browser open(boolean script) {
        assertTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "install the packages chromium and chromium-driver");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
        if (!script) {
            options.setExperimentalOption("prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .build();
        Browser opened = new Browser(new ChromeDriver(service, options));
        opened.size(WIDTH, HEIGHT);
        return opened;
    }

    ChromeDriver driver() {
        return driver;
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    Object script(String text) {
        return Objects.requireNonNull(driver.executeScript(text));
    }

    /** @param text calls {@code arguments[0]} with its result */
    Object asyncScript(String text) {
        return Objects.requireNonNull(driver.executeAsyncScript(text));
    }

    /** In CSS pixels; unlike a window, as narrow as a phone. */
    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** @param name {@code light} or {@code dark} */
    void scheme(String name) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", name))));
    }

    void screenshot(String name) throws IOException {
        Path target = Files.createDirectories(Path.of("target/screenshots"));
        Files.write(target.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    void assertFitsTheWidth() {
        assertEquals(
                true,
                script("return document.documentElement.scrollWidth <= window.innerWidth"),
                "no horizontal scrolling");
        assertEquals(
                List.of(),
                script("return [...document.querySelectorAll('.vs')].filter(e => e.scrollWidth > e.clientWidth)"
                        + ".map(e => e.dataset.vs)"),
                "nothing is cut off");
    }

    /** axe-core rates no violation as serious or critical. */
    void assertAccessible(String state) throws IOException {
        String resource = "META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
        try (InputStream in = Browser.class.getClassLoader().getResourceAsStream(resource)) {
            driver.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                List.of(),
                asyncScript("const done = arguments[0]; axe.run().then(r => done(r.violations"
                        + ".filter(v => ['serious', 'critical'].includes(v.impact))"
                        + ".map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; '))))"),
                state);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
