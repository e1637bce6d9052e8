package io.lvsd.lab.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A client, a director and two real servers in network namespaces of their own: see the script {@code lab/bin/bed}. */
final class Bed implements AutoCloseable {
    /** Something that ends with its bed. */
    interface Part extends AutoCloseable {
        @Override
        void close();
    }

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long PATIENCE_NANOS = java.time.Duration.ofMinutes(2).toNanos();

    private final String prefix = "t" + COUNT.incrementAndGet();
    private final List<String> namespaces;
    private final Path directory;
    private final List<Part> open = new ArrayList<>();

    Bed() {
        this("lab/bin/bed", "c", "d", "r1", "r2");
    }

    private Bed(String script, String... namespaces) {
        this.namespaces = List.of(namespaces);
        try {
            directory = Files.createTempDirectory("bed-" + prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell.ok(script + " " + prefix);
    }

    /** Two directors, d1 and d2, and their real servers in one namespace, r: see the script {@code lab/bin/pair}. */
    static Bed pair() {
        return new Bed("lab/bin/pair", "c", "d1", "d2", "r");
    }

    /** A file of this bed. */
    Path file(String name) {
        return directory.resolve(name);
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(file(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String director(String line) {
        return Shell.ok(in("d", line));
    }

    String client(String line) {
        return Shell.ok(in("c", line));
    }

    String in(String namespace, String line) {
        return "ip netns exec " + prefix + namespace + " bash -c '" + line.replace("'", "'\\''") + "'";
    }

    /** Starts something in the background that the bed ends with itself. */
    Background start(String namespace, String name, String command) {
        Background process = new Background(in(namespace, "exec " + command), file(name + ".log"));
        open.add(process);
        return process;
    }

    /** A web server that answers / with {@code text}. {@code listen} is [IP:]PORT. */
    Background web(String namespace, String listen, String text) {
        Path root = file("www-" + text);
        try {
            Files.createDirectories(root);
            Files.writeString(root.resolve("index.html"), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Background server = start(namespace, "web-" + text, "busybox httpd -f -p " + listen + " -h " + root);
        String port = listen.substring(listen.lastIndexOf(':') + 1);
        until(
                "web server " + text + " listens",
                () -> Shell.ok(in(namespace, "ss -Hltn sport = :" + port)).contains(":" + port));
        return server;
    }

    /** Status and body of one request of the client, or the error of curl. */
    String get(String url) {
        return Shell.run(in("c", "curl -sg --max-time 10 -w \"%{http_code}\" \"" + url + "\""))
                .text()
                .strip();
    }

    /** One request after the other; of each a line with its status, its time, and what went wrong. */
    Background requests(String url, Path answers) {
        return start(
                "c",
                "client",
                "bash -c 'while :; do curl -s --max-time 30 -o /dev/null -w \"%{http_code} %{time_total}"
                        + " %{errormsg}\\n\" " + url + " >> " + answers + "; done'");
    }

    /** A client that takes a while for {@code /large}: curl's own limit does not hold for so little. */
    Background slowDownload(String name, String address, int steps, int stepSize) {
        return start(
                "c",
                name,
                "bash -c 'exec 3<>/dev/tcp/" + address + "/80; printf \"GET /large HTTP/1.0\\r\\n\\r\\n\" >&3;"
                        + " for i in $(seq " + steps + "); do dd bs=" + stepSize
                        + " count=1 iflag=fullblock <&3 2>/dev/null; sleep 1; done > " + file(name) + "; cat <&3 >> "
                        + file(name) + "'");
    }

    String table() {
        return director("ipvsadm -Ln");
    }

    /** Waits for something to become true; the kernel's table is shown if it does not. */
    void until(String what, BooleanSupplier condition) {
        waitFor(what, condition, this::table);
    }

    static void waitFor(String what, BooleanSupplier condition, Supplier<String> evidence) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("did not happen: " + what + "\n" + evidence.get());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    /** The destinations of the table, in the order of ipvsadm. */
    List<String> destinations() {
        return table().lines()
                .map(String::strip)
                .filter(l -> l.startsWith("->") && !l.contains("RemoteAddress"))
                .map(l -> l.split("\\s+")[1] + " " + l.split("\\s+")[3])
                .toList();
    }

    LvsdProcess lvsd(Path config) {
        return lvsd("d", config);
    }

    LvsdProcess lvsd(String namespace, Path config) {
        LvsdProcess daemon = new LvsdProcess(this, namespace, config);
        open.add(daemon);
        return daemon;
    }

    Witness witness() {
        Witness witness = new Witness(this);
        open.add(witness);
        return witness;
    }

    @Override
    public void close() {
        for (Part each : open.reversed()) {
            each.close();
        }
        namespaces.forEach(n -> Shell.run("ip netns del " + prefix + n));
    }
}
