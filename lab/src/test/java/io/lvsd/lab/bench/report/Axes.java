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
            "Creates services with 20 destinations each in an empty table; IPVS is loaded again before each round."
                + " lvsd: its client alone, in a process that has created larger tables before. ipvsadm: the process"
                + " ipvsadm -R with a file. batch: a C program that sends 256 commands with one system call, without"
                + " its start.",
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

    private static final String NGINX = "nginx";

    private static final Axis SORRY = new Axis(
            "sorry",
            "Sorry server",
            "lvsd sorry and nginx (return 502), with the same page and fields, on the same processors as the clients,"
                + " on loopback. wrk with one thread; with TLS, sessions are resumed. HTTP/2: h2load over TLS with 10"
                + " streams for each connection. Processor time is that of the server for one request. Slow"
                + " connections send one byte in five seconds; beside them, 200 connections send 2,000 requests per"
                + " second together, which \"alone\" are those to lvsd without slow connections.",
            "connections",
            List.of(
                    Target.ratioAtLeast("keep-alive", 1.0, NGINX),
                    Target.ratioAtLeast("new connections", 1.0, NGINX),
                    Target.ratioAtLeast("TLS, keep-alive", 1.0, NGINX),
                    Target.ratioAtLeast("TLS, new connections", 1.0, NGINX),
                    Target.ratioAtLeast("HTTP/2", 1.0, NGINX),
                    Target.figure("keep-alive: processor time", NGINX),
                    Target.figure("new connections: processor time", NGINX),
                    Target.figure("TLS, keep-alive: processor time", NGINX),
                    Target.figure("TLS, new connections: processor time", NGINX),
                    Target.figure("HTTP/2: processor time", NGINX),
                    Target.ratioAtMost("p99 beside slow connections", 2.0, "alone"),
                    Target.figure("memory of slow connections", NGINX)));

    private static final Axis READ = new Axis(
            "read",
            "Reading of the table",
            "CPU time and allocation in lvsd for the bytes of a kernel's answers, and of the engine's step afterwards."
                    + " System calls and the work of the kernel are not included.",
            "destinations",
            List.of());

    private static final Axis KERNEL_READ = new Axis(
            "kernel-read",
            "Reading of the kernel's table",
            "CPU time, with the kernel's part, of a reading in which nothing changed: as a whole, and service by"
                + " service as in the parts of a large table. 50 times this time is the longest time until lvsd finds"
                + " a change by another program, but at least 2 s.",
            "destinations",
            List.of(Target.figure("as a whole"), Target.figure("in parts")));

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

    private static final Axis SNMP = new Axis(
            "snmp",
            "SNMP walks",
            "snmpbulkwalk over loopback, with its default of 10 repetitions unless stated, for at most 60 s."
                    + " Before, the daemon is walked until it does not become faster, for at most 80 s. Own agent:"
                    + " lvsd serves UDP itself. Subagents: the daemon serves snmpd by AgentX, and snmpd the client;"
                    + " keepalived has no other way, and its walk counts in both cases. CPU time is that of the daemon"
                    + " alone. The time per value must not grow with the table. The limit is a tenth of the time of the"
                    + " former Net-SNMP module for LVS-MIB, which needs 1,095 ms in such a guest.",
            REAL_SERVERS,
            List.of(
                    Target.valueAtMost("LVS-MIB: time per 1,000 values", 109),
                    Target.valueAtMost("LVS-MIB, -Cr50: time per 1,000 values", 109),
                    Target.ratioAtMost("KEEPALIVED-MIB, own agent of lvsd: time per 1,000 values", 1.0, KEEPALIVED),
                    Target.ratioAtMost("KEEPALIVED-MIB, subagents: time per 1,000 values", 1.0, KEEPALIVED),
                    Target.figure("LVS-MIB: CPU time per 1,000 values"),
                    Target.figure("KEEPALIVED-MIB, subagents: CPU time per 1,000 values", KEEPALIVED)));

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

    private static final Axis RELOAD_FIXED = new Axis(
            "reload-fixed",
            "Reload with a fixed change",
            "Ten real servers have another weight in tables of different sizes; memory driver, on this host. CPU time"
                + " by the threads of the daemon. Only the reading of the file, and the collection of what it"
                + " allocates, should grow with the table. The reading is also measured alone, in a process in which"
                + " it is compiled completely.",
            REAL_SERVERS,
            List.of(
                    Target.figure("reload, CPU time"),
                    Target.figure("reload, CPU time: engine"),
                    Target.figure("reload, CPU time: reading of the file"),
                    Target.figure("reload, CPU time: garbage collection"),
                    Target.figure("reload, CPU time: JIT compiler"),
                    Target.figure("reload, CPU time: other threads"),
                    Target.figure("reload, duration"),
                    Target.figure("reading of the file alone")));

    private static final Axis START = new Axis(
            "start",
            "Start",
            "From exec until the table is complete, without checks, and until its first entry, as the kernel traced"
                + " it. lvsd has its ahead-of-time cache; its JVM uses C1 only in the guest. ipvsadm: ipvsadm -R with"
                + " a file. With the memory driver: until the first line about a command in the log, on this host.",
            REAL_SERVERS,
            List.of(
                    Target.ratioAtMost("complete table", 0.5, KEEPALIVED, "ipvsadm"),
                    Target.figure("first entry", KEEPALIVED, "ipvsadm"),
                    Target.valueAtMost("first entry, memory driver, native", 0.5)));

    private static final Axis MEMORY = new Axis(
            "memory",
            "Memory",
            "TCP checks every minute, memory driver. Resident: VmRSS after all checks have run, with pages of files"
                + " that processes share. Live: objects after a full collection, less those with ten real servers, for"
                + " each further one. Keepalived's checkers do not run without IPVS: the axis idle shows both in the"
                + " guest.",
            REAL_SERVERS,
            List.of(
                    Target.valueAtMost("resident memory", 90, 8.0 / 1_024),
                    Target.valueAtMost("live memory per real server", 2)));

    private static final Axis IDLE = new Axis(
            "idle",
            "Idle daemon",
            "TCP checks every minute, and nothing else. The daemons run one after the other in one guest, which could"
                + " not serve all at once. CPU time and memory (Pss) are those of all processes of a daemon. The JVM"
                + " uses C1 only in the guest, so that a check costs more than on a real machine. Profile: after the"
                + " rounds, the CPU time of each thread of lvsd, divided in proportion to samples of its Java stacks."
                + " Reading is that of the table, with the engine's step for it; planning is the computation of wanted"
                + " table and commands; views are status, metrics, page and SNMP.",
            REAL_SERVERS,
            List.of(
                    Target.ratioAtMost("CPU time per minute", 1.0, KEEPALIVED),
                    Target.figure("checks per minute", KEEPALIVED),
                    Target.figure("resident memory", KEEPALIVED)));

    private static final Axis HALF = new Axis(
            "half",
            "Failure of half of the servers",
            "Every second real server fails at the same moment, some seconds after the start; until the last one is"
                    + " removed from the table, as the kernel traced it. FILE_CHECK: the daemon is informed of all"
                    + " failures at once. TCP_CHECK: a listener ends, and the daemon finds the failures within the"
                    + " interval.",
            REAL_SERVERS,
            List.of(
                    Target.ratioAtMost("FILE_CHECK: failure to last removal", 0.5, KEEPALIVED),
                    Target.figure("TCP_CHECK every 5 s: failure to last removal", KEEPALIVED),
                    Target.figure("TCP_CHECK every 5 s: last failed check to its removal", KEEPALIVED)));

    private static final Axis LATENCY = new Axis(
            "latency",
            "From a check to the table",
            "500 checks every second of real servers that stop and start to listen: from the end of the connection"
                    + " attempt until the table changes, as the kernel traced both.",
            REAL_SERVERS,
            List.of(
                    Target.ratioAtMost("check to table, median", 1.0, KEEPALIVED),
                    Target.ratioAtMost("check to table, p99", 1.0, KEEPALIVED),
                    Target.figure("checks per second", KEEPALIVED)));

    static final List<Axis> ALL = List.of(
            START,
            RELOAD,
            RELOAD_FIXED,
            COMMANDS,
            CHECKS,
            IDLE,
            HALF,
            LATENCY,
            MEMORY,
            EMBEDDED,
            CONFIG,
            READ,
            KERNEL_READ,
            METRICS,
            SNMP,
            REGEX,
            SORRY,
            NATIVE);

    private Axes() {}
}
