package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code lvsd sorry -f FILE} with the clients that people use: curl, nghttp, h2spec, a crawler, and Chromium with
 * {@code -Pfull}. Requires the packages curl, nghttp2-client and openssl.
 */
final class SorryClientsIT {
    /**
     * What Netty's codec answers differently, all for streams that are closed already, with a stream error in place of a
     * connection error (RFC 9113, sections 5.1 and 5.1.1). The response to the first request is complete by then.
     */
    private static final List<String> ACCEPTED_FAILURES = List.of(
            "closed: Sends a HEADERS frame",
            "half closed (remote): Sends a HEADERS frame",
            "Sends stream identifier that is numerically smaller than previous");

    @TempDir
    private Path directory;

    private Process server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        for (String tool : List.of("curl", "nghttp", "openssl")) {
            require(tool);
        }
        port = freePort();
        Path root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(
                root.resolve("404.html"),
                "<!DOCTYPE html><title>Shop</title><link rel=\"stylesheet\" href=\"/style.css\"><h1>Back soon</h1>"
                        + "<a href=\"/\">home</a><a href=\"/index.html\">index</a><a href=\"404.html\">page</a>"
                        + "<a href=\"/robots.txt\">robots</a><a href=\"/a/b?c=d#e\">deep</a>\n");
        Files.writeString(root.resolve("style.css"), "h1 { color: rgb(1, 2, 3) }\n");
        Files.writeString(root.resolve("index.html"), "never\n");
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                directory.resolve("key.pem").toString(),
                "-out",
                directory.resolve("cert.pem").toString(),
                "-days",
                "2",
                "-subj",
                "/CN=localhost");
        Path file = Files.writeString(
                directory.resolve("sorry.conf"),
                "lvsd {\n sorry_page {\n  listen 127.0.0.1:" + port + "\n  root " + root + "\n  tls "
                        + directory.resolve("cert.pem") + " " + directory.resolve("key.pem") + "\n }\n}\n");
        server = new ProcessBuilder(LvsdProcess.launcher(), "sorry", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        awaitListening();
    }

    private static void require(String tool) {
        boolean installed =
                Stream.of(System.getenv("PATH").split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, tool)));
        String text = tool + " is missing: install curl, nghttp2-client and openssl";
        assertTrue(installed || !"required".equals(System.getProperty("lab")), text);
        Assumptions.assumeTrue(installed, text);
    }

    private Path log() {
        return directory.resolve("log");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitListening() throws Exception {
        for (int i = 0; i < 600; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException _) {
                assertTrue(server.isAlive(), Files.readString(log()));
                Thread.sleep(100);
            }
        }
        throw new AssertionError(Files.readString(log()));
    }

    /** SIGTERM ends it at once, with status 0. */
    @AfterEach
    void stop() throws Exception {
        if (server == null) {
            return;
        }
        server.destroy();
        assertTrue(server.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, server.exitValue(), Files.readString(log()));
        assertFalse(Files.readString(log()).contains("error"), Files.readString(log()));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(300, TimeUnit.SECONDS), text);
        return text;
    }

    private String url(String scheme, String path) {
        return scheme + "://127.0.0.1:" + port + path;
    }

    private String curl(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sk", "--max-time", "60"));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    @Test
    void curlWithEveryProtocol() throws Exception {
        String format = "%{http_version} %{response_code} %{content_type}";
        for (String[] version : new String[][] {
            {"http", "--http1.0", "1.1"},
            {"http", "--http1.1", "1.1"},
            {"http", "--http2", "2"},
            {"http", "--http2-prior-knowledge", "2"},
            {"https", "--http1.1", "1.1"},
            {"https", "--http2", "2"}
        }) {
            String[] common = {version[1], "-o", "/dev/null", "-w", format, url(version[0], "/x")};
            assertEquals(version[2] + " 502 text/html; charset=utf-8", curl(common), version[1]);
            assertTrue(curl(version[1], url(version[0], "/x")).contains("Back soon"));
            assertEquals(
                    version[2] + " 200 text/css; charset=utf-8",
                    curl(version[1], "-o", "/dev/null", "-w", format, url(version[0], "/style.css")));
        }
    }

    @Test
    void curlUploadsAndKeepsItsConnection() throws Exception {
        Path upload = Files.write(directory.resolve("upload"), new byte[3_000_000]);
        // With --http2-prior-knowledge, curl 7.88 cannot use a connection again, also with nginx.
        for (String[] version : new String[][] {{"http", "--http1.1"}, {"https", "--http2"}}) {
            String codes = curl(
                    version[1],
                    "-o",
                    "/dev/null",
                    "-w",
                    "%{response_code} %{num_connects}\n",
                    url(version[0], "/[1-50]"));
            assertEquals(50, codes.lines().filter(l -> l.startsWith("502 ")).count());
            assertEquals(1, codes.lines().filter(l -> l.endsWith(" 1")).count(), "one connection");
            String data = "@" + upload;
            assertEquals(
                    "502",
                    curl(
                            version[1],
                            "-o",
                            "/dev/null",
                            "-w",
                            "%{response_code}",
                            "--data-binary",
                            data,
                            url(version[0], "/x")));
        }
    }

    @Test
    void nghttpFollowsThePageToItsAssets() throws Exception {
        for (String scheme : List.of("http", "https")) {
            String text = run("nghttp", "-vans", url(scheme, "/some/page"));
            assertEquals(1, count(text, ":status: 502"), text);
            assertEquals(1, count(text, ":status: 200"), text);
            assertFalse(text.contains("PROTOCOL_ERROR"), text);
        }
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void h2spec() throws Exception {
        Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "h2spec is a program for x86-64");
        Path archive = directory.resolve("h2spec.tar.gz");
        try (InputStream in = getClass().getResourceAsStream("/h2spec/2.2.0/h2spec_linux_amd64.tar.gz")) {
            Files.copy(Objects.requireNonNull(in), archive);
        }
        run("tar", "-xzf", archive.toString(), "-C", directory.toString());
        String program = directory.resolve("h2spec").toString();
        for (String[] tls : new String[][] {{}, {"-t", "-k"}}) {
            List<String> command = new ArrayList<>(
                    List.of(program, "-h", "127.0.0.1", "-p", String.valueOf(port), "-o", "5", "-P", "/"));
            command.addAll(List.of(tls));
            String text = run(command.toArray(String[]::new));
            String failures = text.contains("Failures:") ? text.substring(text.indexOf("Failures:")) : "";
            List<String> unexpected = failures.lines()
                    .filter(l -> l.strip().startsWith("\u00d7"))
                    .filter(l -> ACCEPTED_FAILURES.stream().noneMatch(l::endsWith))
                    .toList();
            assertEquals(List.of(), unexpected, text);
            Matcher sum = Pattern.compile("(\\d+) tests, (\\d+) passed").matcher(text);
            assertTrue(sum.find() && Integer.parseInt(sum.group(1)) > 140, text);
        }
    }

    /** What a search engine would index: no page has 200, and none has 404, which removes it from the index. */
    @Test
    void aCrawlerSeesTheErrorStatusOnEveryPage() throws Exception {
        TreeSet<String> found =
                new TreeSet<>(List.of("/", "/robots.txt", "/sitemap.xml", "/favicon.png", "/.git/config"));
        Pattern link = Pattern.compile("href=\"([^\"]*)\"");
        for (int round = 0; round < 3; round++) {
            for (String path : List.copyOf(found)) {
                Matcher matcher = link.matcher(curl(url("http", path)));
                while (matcher.find()) {
                    String target = matcher.group(1);
                    found.add(target.startsWith("/") ? target : "/" + target);
                }
            }
        }
        assertTrue(found.size() >= 9, found::toString);
        for (String path : found) {
            String status = curl(
                    "-A",
                    "Mozilla/5.0 (compatible; Googlebot/2.1)",
                    "-o",
                    "/dev/null",
                    "-w",
                    "%{response_code}",
                    url("http", path));
            assertEquals(path.endsWith(".css") ? "200" : "502", status, path);
        }
    }

    @Test
    void aBrowserShowsThePageWithItsStyle() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("lvsd.lab.full"), "runs with -Pfull");
        try (Browser browser = Browser.open(true)) {
            browser.driver().get(url("http", "/shop/item?id=1"));
            var headline = browser.find("h1");
            assertEquals("Back soon", headline.getText());
            assertEquals("rgb(1, 2, 3)", headline.getCssValue("color").replaceFirst("rgba\\((.*), 1\\)", "rgb($1)"));
        }
    }
}
