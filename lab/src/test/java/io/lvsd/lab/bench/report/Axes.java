package io.lvsd.lab.bench.report;

import java.util.List;

/** All axes, in the order of the report. An axis also needs a function in {@code lab/bench}. */
final class Axes {
    private static final String REAL_SERVERS = "real servers";
    private static final String KEEPALIVED = "keepalived";
    private static final String HAPROXY = "haproxy";

    private static final Axis RELOAD = new Axis(
            "reload",
            "Reload",
            "Time from SIGHUP until the daemon is at rest again, and the CPU time that it uses for that. Each daemon"
                    + " has the same table, in a network namespace of its own.",
            REAL_SERVERS,
            List.of(
                    Target.ratioAtMost("unchanged, CPU time", 0.2, KEEPALIVED),
                    Target.ratioAtMost("1 % changed, CPU time", 0.5, KEEPALIVED),
                    Target.ratioAtMost("one weight changed, CPU time", 0.2, KEEPALIVED),
                    Target.figure("unchanged, duration", KEEPALIVED),
                    Target.figure("1 % changed, duration", KEEPALIVED),
                    Target.figure("one weight changed, duration", KEEPALIVED)));

    private static final Axis COMMANDS = new Axis(
            "commands",
            "Commands to the kernel",
            "Creates services with 20 destinations each in an empty table. lvsd: its client alone, in a process that"
                + " runs. ipvsadm: the process ipvsadm -R with a file. batch: a C program that sends 256 commands with"
                + " one system call, without its start.",
            "destinations",
            List.of(
                    Target.ratioAtLeast("create a table", 20, "ipvsadm"),
                    Target.ratioAtLeast("create a table", 0.7, "batch")));

    private static final Axis CONFIG = new Axis(
            "config",
            "Reading of a configuration",
            "Processes: keepalived -t and lvsd check, with the start of Java. Loads: in a process that has loaded"
                    + " before, as at a reload; a repeated load reuses what it read before.",
            REAL_SERVERS,
            List.of(
                    Target.figure("check of a file, process", KEEPALIVED),
                    Target.figure("complete load"),
                    Target.figure("repeated load, 1 % changed"),
                    Target.figure("repeated load, ten weights changed"),
                    Target.figure("repeated load, one weight changed"),
                    Target.figure("repeated load, unchanged")));

    private static final Axis CHECKS = new Axis(
            "checks",
            "CPU time of a check",
            "User and system time of the daemon for each check that was due, with checks every 2 s. Java is compiled"
                    + " by C2 alone here, after some minutes of warming up.",
            REAL_SERVERS,
            List.of(
                    Target.ratioAtMost("TCP_CHECK", 0.5, KEEPALIVED),
                    Target.ratioAtMost("HTTP_GET", 0.8, KEEPALIVED),
                    Target.ratioAtMost("SSL_GET", 0.8, KEEPALIVED)));

    private static final Axis EMBEDDED = new Axis(
            "embedded",
            "Embedded driver",
            "wrk with 50 connections through the embedded driver, and through HAProxy in TCP mode, to nginx; one"
                + " thread each, all on loopback. Half load: 200 connections whose pauses give half of the requests"
                + " per second that HAProxy reaches at most; wrk measures the latency from sending a request, so that"
                + " a late request does not count as slow.",
            "bytes of a body",
            List.of(
                    Target.ratioAtLeast("throughput", 1.0, HAPROXY),
                    Target.ratioAtLeast("connections", 0.8, HAPROXY),
                    Target.ratioAtMost("p99 at half load", 1.2, HAPROXY),
                    Target.figure("rate at half load", HAPROXY)));

    private static final Axis READ = new Axis(
            "read",
            "Reading of the table",
            "CPU time and allocation in lvsd for the bytes of a kernel's answers, and of the engine's step afterwards."
                    + " System calls and the work of the kernel are not included.",
            "destinations",
            List.of());

    private static final Axis METRICS = new Axis(
            "metrics",
            "Scrapes",
            "Time of a request with gzip, until the answer is complete. node_exporter reports 3 series for each"
                    + " destination, and lvsd 8. In process: CPU time and allocation without HTTP.",
            REAL_SERVERS,
            List.of(
                    Target.figure("counters of the table", "node_exporter"),
                    Target.figure("states of servers"),
                    Target.figure("all metrics")));

    private static final Axis REGEX = new Axis(
            "regex",
            "Regular expressions",
            "Searches of a body with the two engines of lvsd: libpcre2 if it is installed, else Java's.",
            "bytes of a body",
            List.of());

    private static final Axis NATIVE = new Axis(
            "native",
            "Checks and reloads on the host itself",
            "With the driver memory, without a peer, because keepalived needs a kernel with IPVS: CPU time of a check,"
                + " every 2 s, and duration of a reload until the reply on the control socket. Java is compiled as in"
                + " production.",
            REAL_SERVERS,
            List.of());

    static final List<Axis> ALL = List.of(RELOAD, COMMANDS, CHECKS, EMBEDDED, CONFIG, READ, METRICS, REGEX, NATIVE);

    private Axes() {}
}
