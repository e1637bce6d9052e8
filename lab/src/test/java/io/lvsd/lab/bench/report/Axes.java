package io.lvsd.lab.bench.report;

import java.util.List;

/** All axes, in the order of the report. An axis also needs a function in {@code lab/bench}. */
final class Axes {
    private static final String REAL_SERVERS = "real servers";
    private static final String KEEPALIVED = "keepalived";

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

    static final List<Axis> ALL = List.of(RELOAD, COMMANDS, CONFIG);

    private Axes() {}
}
