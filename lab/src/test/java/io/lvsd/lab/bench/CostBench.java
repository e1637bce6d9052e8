package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import io.lvsd.core.control.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Axis checks: CPU time of a check of lvsd and of packaged keepalived, in one guest. Both probe the same real servers on loopback,
 * by turns, after the code of lvsd is compiled. lvsd is stopped (SIGSTOP) while keepalived runs. keepalived is restarted for each of
 * its turns: after a stop it would probe all servers at the same moment from then on, which costs it half as much and is not what a
 * director does.
 */
public final class CostBench {
    private static final int ROUNDS = Quick.QUICK ? 1 : 3;
    private static final int SETTLE_SECONDS = 2;
    private static final int MEASURED_SECONDS = 6;
    /** All checks run for the first time. */
    private static final int WARM_SECONDS = Quick.QUICK ? 20 : 40;
    /** The compilers have done their work when they use so few seconds of CPU time in so many seconds. */
    private static final double COMPILED = 0.2;

    private static final String COMPILER = "CompilerThre";
    private static final int COMPILED_SECONDS = 10;
    private static final Duration COMPILE_PATIENCE = Duration.ofMinutes(6);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int STARTS = 3;
    private static final int INTERVAL_SECONDS = 2;
    private static final int TLS_PORT = ProbeBench.PORT + 1;

    /** A kind of check, with as many servers as an emulated processor can probe. */
    private enum Kind {
        TCP("TCP_CHECK", 1_000, ProbeBench.PORT, ""),
        HTTP("HTTP_GET", 1_000, ProbeBench.PORT, "url {\n        path /\n      }\n    "),
        SSL("SSL_GET", 40, TLS_PORT, "url {\n        path /\n      }\n    ");

        private final String keyword;
        private final int servers;
        private final String config;

        Kind(String keyword, int servers, int port, String block) {
            this.keyword = keyword;
            this.servers = servers;
            String check = keyword + " {\n      connect_timeout 3\n      " + block + "}";
            this.config = ProbeBench.config(servers, INTERVAL_SECONDS, port, check);
        }
    }

    private final Recorder recorder = Recorder.of("checks");
    private final Path directory = Files.createTempDirectory("cost-bench-");
    private final List<Build> builds = Build.all();
    private final List<Contender> daemons = new ArrayList<>();

    private CostBench() throws IOException {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        CostBench bench = new CostBench();
        Process servers = ProbeBench.java(AcceptServer.class, ProbeBench.PORT);
        Process nginx = bench.nginx();
        try {
            Thread.sleep(5_000);
            for (Kind kind : Kind.values()) {
                bench.measure(kind);
            }
        } finally {
            for (Contender daemon : bench.daemons) {
                daemon.end();
            }
            for (Process process : List.of(servers, nginx)) {
                process.destroy();
                process.waitFor(5, TimeUnit.SECONDS);
            }
        }
        System.exit(0);
    }

    /** The real servers with TLS. */
    private Process nginx() throws IOException, InterruptedException {
        Path key = directory.resolve("key.pem");
        Path certificate = directory.resolve("certificate.pem");
        int status = new ProcessBuilder(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                                + " -subj /CN=bench -keyout " + key + " -out " + certificate)
                        .split(" "))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("openssl ends with " + status);
        }
        Path config = Files.writeString(
                directory.resolve("nginx.conf"), """
                    worker_processes 1; daemon off; master_process off; pid %1$s/nginx.pid; error_log %1$s/nginx.log;
                    events { worker_connections 1024; }
                    http {
                      access_log off;
                      client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s; uwsgi_temp_path %1$s;
                      scgi_temp_path %1$s;
                      server {
                        listen %2$d ssl backlog=4096; ssl_certificate %3$s; ssl_certificate_key %4$s;
                        location / { return 200 ok; }
                      }
                    }
                    """.formatted(directory, TLS_PORT, certificate, key));
        return new ProcessBuilder("nginx", "-c", config.toString()).inheritIO().start();
    }

    private void measure(Kind kind) throws IOException, InterruptedException {
        Progress.report("checks: " + kind + ": lvsd runs until its code is compiled");
        Files.writeString(directory.resolve("lvsd.conf"), kind.config);
        Files.writeString(
                directory.resolve("keepalived.conf"), kind.config.substring(kind.config.indexOf("virtual_server")));
        warm();
        for (int round = 1; round <= ROUNDS; round++) {
            Contender keepalived = Contender.keepalived(directory);
            try {
                measure(kind, "keepalived", round, keepalived, () -> rows("/proc/net/ip_vs"));
            } finally {
                keepalived.end();
            }
            for (int i = 0; i < daemons.size(); i++) {
                Build build = builds.get(i);
                daemons.get(i).signalAll("CONT");
                measure(kind, build.name(), round, daemons.get(i), () -> saved(build));
                daemons.get(i).signalAll("STOP");
            }
        }
    }

    /** Starts or reloads the builds, and lets them run until their code is compiled. All are stopped afterwards. */
    private void warm() throws IOException, InterruptedException {
        for (Contender daemon : daemons) {
            daemon.signalAll("CONT");
            daemon.signal("HUP");
        }
        for (int i = daemons.size(); i < builds.size(); i++) {
            daemons.add(Contender.lvsd(builds.get(i), directory));
        }
        for (int i = 0; i < daemons.size(); i++) {
            awaitSocket(i);
        }
        Thread.sleep(WARM_SECONDS * 1_000L);
        for (int i = 0; i < daemons.size(); i++) {
            restart(i);
            awaitCompiled(daemons.get(i));
            daemons.get(i).signalAll("STOP");
        }
    }

    /** Interpreted code costs many times as much, and is not what a daemon runs that was started hours ago. */
    private static void awaitCompiled(Contender daemon) throws IOException, InterruptedException {
        long end = System.nanoTime() + COMPILE_PATIENCE.toNanos();
        double before = compilerSeconds(daemon);
        while (System.nanoTime() < end) {
            Thread.sleep(COMPILED_SECONDS * 1_000L);
            double now = compilerSeconds(daemon);
            if (now - before < COMPILED) {
                return;
            }
            before = now;
        }
        Progress.report("checks: the compilers are not done after " + COMPILE_PATIENCE.toMinutes() + " minutes");
    }

    private static double compilerSeconds(Contender daemon) throws IOException {
        return daemon.usedByThread().entrySet().stream()
                .filter(thread -> thread.getKey().contains(COMPILER))
                .mapToDouble(thread -> thread.getValue().seconds())
                .sum();
    }

    private void awaitSocket(int index) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(socket(builds.get(index))) && daemons.get(index).isAlive() && System.nanoTime() < end) {
            Thread.sleep(1_000);
        }
    }

    /** An emulator may lose a process while its code is compiled: then once more from the start. */
    private void restart(int index) throws IOException, InterruptedException {
        for (int i = 1; !daemons.get(index).isAlive(); i++) {
            System.err.println("lvsd ended:\n" + daemons.get(index).logTail());
            if (i == STARTS) {
                throw new IOException("lvsd does not run");
            }
            daemons.set(index, Contender.lvsd(builds.get(index), directory));
            awaitSocket(index);
            Thread.sleep(WARM_SECONDS * 1_000L);
        }
    }

    /** How many real servers are up. */
    private interface Count {
        long up() throws IOException;
    }

    private static long rows(String table) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(table))) {
            return lines.filter(l -> l.contains("Masq")).count();
        }
    }

    private Path socket(Build build) {
        return Contender.runDirectory(build, directory).resolve("lvsd.sock");
    }

    private long saved(Build build) throws IOException {
        return ControlClient.request(socket(build), "table save")
                .body()
                .lines()
                .filter(l -> l.startsWith("-a"))
                .count();
    }

    /** Checks that fail have another cost. */
    private static void requireAllUp(Kind kind, String subject, Count count) throws IOException {
        if (count.up() != kind.servers) {
            throw new IOException(
                    kind + ": " + count.up() + " of " + kind.servers + " real servers are up in " + subject);
        }
    }

    private void measure(Kind kind, String subject, int round, Contender contender, Count count)
            throws IOException, InterruptedException {
        Thread.sleep((SETTLE_SECONDS + INTERVAL_SECONDS) * 1_000L);
        requireAllUp(kind, subject, count);
        double before = contender.processorSeconds();
        long start = System.nanoTime();
        Thread.sleep(MEASURED_SECONDS * 1_000L);
        double used = contender.processorSeconds() - before;
        double elapsed = (System.nanoTime() - start) / 1e9;
        requireAllUp(kind, subject, count);
        double checks = kind.servers * elapsed / INTERVAL_SECONDS;
        recorder.add(kind.keyword, kind.servers, subject, "µs CPU", round, used * 1e6 / checks);
    }
}
