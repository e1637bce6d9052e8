package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Axis snmp: walks of LVS-MIB and KEEPALIVED-MIB by snmpbulkwalk. lvsd's own agent serves both; KEEPALIVED-MIB is also walked through
 * snmpd, with lvsd and with keepalived as its subagent. One daemon runs at a time, with a snmpd of its own.
 */
public final class SnmpBench {
    private static final int[] SIZES = {1_000, 5_000, WideConfig.REAL_SERVERS};
    private static final int LIMIT_SECONDS = Quick.QUICK ? 30 : 60;
    private static final int WARM_SECONDS = 10;
    private static final int WARM_WINDOWS = Quick.QUICK ? 2 : 8;
    /** So many windows in which no value takes less than this share of the best time before. */
    private static final int STEADY_WINDOWS = 2;

    private static final double STEADY = 0.97;
    /** Status of the command timeout when the time has passed. */
    private static final int TIMEOUT = 124;

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String OWN = "127.0.0.1:1161";
    private static final String MASTER = "127.0.0.1:1705";
    private static final String LVS = ".1.3.6.1.4.1.8225.4711";
    private static final String KEEPALIVED = ".1.3.6.1.4.1.9586.100.5.3";
    private static final String KEEPALIVED_VERSION = ".1.3.6.1.4.1.9586.100.5.1.1.0";
    private static final String LVS_CASE = "LVS-MIB";
    private static final String FIRST_CASE = "LVS-MIB, first walk after the start: time per 1,000 values";
    private static final String OWN_CASE = "KEEPALIVED-MIB, own agent of lvsd";
    private static final String SUBAGENT_CASE = "KEEPALIVED-MIB, subagents";

    private final Recorder recorder = Recorder.of("snmp");
    private final int size;
    private final int rounds;

    private SnmpBench(int size) {
        this.size = size;
        this.rounds = !Quick.QUICK && size == SIZES[0] ? 2 : 1;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int size : Quick.QUICK ? new int[] {SIZES[0]} : SIZES) {
            SnmpBench bench = new SnmpBench(size);
            bench.lvsd();
            Commands.emptyTable();
            // The time of the guest is limited.
            if (size < WideConfig.REAL_SERVERS) {
                bench.keepalived();
                Commands.emptyTable();
            }
        }
    }

    private void lvsd() throws IOException, InterruptedException {
        for (Build build : Build.all()) {
            Path directory = directory("""
                lvsd {
                  driver kernel
                  snmp {
                    listen udp:%s
                    community public
                    agentx unix:%%s
                  }
                }
                """.formatted(OWN));
            Contender snmpd = snmpd(directory);
            Contender daemon = Contender.lvsd(build, directory);
            try {
                awaitServed(daemon, OWN, MASTER);
                Walk first = walk(daemon, OWN, LVS, WARM_SECONDS, "");
                recorder.add(FIRST_CASE, size, build.name(), "ms", 1, perThousand(first));
                warm(daemon, OWN, LVS);
                warm(daemon, OWN, KEEPALIVED);
                warm(daemon, MASTER, KEEPALIVED);
                for (int round = 1; round <= rounds; round++) {
                    record(LVS_CASE, build.name(), round, walk(daemon, OWN, LVS, LIMIT_SECONDS, ""));
                    record(LVS_CASE + ", -Cr50", build.name(), round, walk(daemon, OWN, LVS, LIMIT_SECONDS, "-Cr50"));
                    record(OWN_CASE, build.name(), round, walk(daemon, OWN, KEEPALIVED, LIMIT_SECONDS, ""));
                    record(SUBAGENT_CASE, build.name(), round, walk(daemon, MASTER, KEEPALIVED, LIMIT_SECONDS, ""));
                }
            } finally {
                daemon.end();
                snmpd.end();
            }
        }
    }

    /** Walks until the daemon no longer becomes faster: a program that is monitored for days has compiled what it runs. */
    private void warm(Contender daemon, String agent, String oid) throws IOException, InterruptedException {
        double best = Double.MAX_VALUE;
        int steady = 0;
        for (int window = 1; window <= WARM_WINDOWS && steady < STEADY_WINDOWS; window++) {
            double time = perThousand(walk(daemon, agent, oid, WARM_SECONDS, ""));
            Progress.report("snmp: warm-up " + window + " of " + oid + " at " + agent + ": " + Math.round(time)
                    + " ms per 1,000 values");
            steady = time > best * STEADY ? steady + 1 : 0;
            best = Math.min(best, time);
        }
    }

    private void keepalived() throws IOException, InterruptedException {
        Path directory = directory("global_defs {\n  enable_snmp_checker\n  snmp_socket unix:%s\n}\n");
        Contender snmpd = snmpd(directory);
        Contender daemon = Contender.keepalived(directory);
        try {
            awaitServed(daemon, MASTER);
            for (int round = 1; round <= rounds; round++) {
                Walk walk = walk(daemon, MASTER, KEEPALIVED, LIMIT_SECONDS, "");
                record(SUBAGENT_CASE, "keepalived", round, walk);
                record(OWN_CASE, "keepalived", round, walk);
            }
        } finally {
            daemon.end();
            snmpd.end();
        }
    }

    /** @param head of the configuration, with the socket of snmpd as its argument */
    private Path directory(String head) throws IOException {
        Path directory = Subject.directory("");
        String config = head.formatted(socket(directory)) + WideConfig.text(size, WideConfig::weight, "");
        Files.writeString(directory.resolve("keepalived.conf"), config);
        Files.writeString(directory.resolve("lvsd.conf"), config);
        return directory;
    }

    private static Path socket(Path directory) {
        return directory.resolve("master");
    }

    /** Without the MIBs of the system, and with patience for a subagent that searches its table for long. */
    private static Contender snmpd(Path directory) throws IOException, InterruptedException {
        Path config = Files.writeString(directory.resolve("snmpd.conf"), """
            agentAddress udp:%s
            master agentx
            agentXSocket unix:%s
            agentXTimeout 60
            rocommunity public 127.0.0.1
            """.formatted(MASTER, socket(directory)));
        Contender snmpd = new Contender(
                directory,
                "snmpd",
                "env",
                "MIBS=",
                "SNMP_PERSISTENT_DIR=" + directory.resolve("snmpd-state"),
                "snmpd",
                "-f",
                "-C",
                "-c",
                config.toString(),
                "-Lo",
                "-I",
                "-smux");
        snmpd.awaitFile(socket(directory), PATIENCE);
        return snmpd;
    }

    /** Until the table is complete, and every agent has KEEPALIVED-MIB. */
    private void awaitServed(Contender daemon, String... agents) throws IOException, InterruptedException {
        Progress.report("snmp: " + size + " real servers: start");
        daemon.awaitDestinations(size, PATIENCE);
        for (String agent : agents) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!output("snmpget -v2c -c public -On -m '' -t 5 -r 0 " + agent + " " + KEEPALIVED_VERSION)
                    .contains("STRING")) {
                if (!daemon.isAlive() || System.nanoTime() > end) {
                    throw new IOException(agent + " does not serve KEEPALIVED-MIB\n" + daemon.logTail());
                }
                Thread.sleep(1_000);
            }
        }
    }

    /**
     * A walk, which may not have ended within its limit.
     *
     * @param cpu seconds of the daemon, without those of snmpd
     */
    private record Walk(long values, double seconds, double cpu, boolean ended) {}

    private static Walk walk(Contender daemon, String agent, String oid, int limit, String option)
            throws IOException, InterruptedException {
        double cpu = daemon.processorSeconds();
        long start = System.nanoTime();
        // The last line of a walk that is killed may have no end.
        String output = output("{ timeout " + limit + " snmpbulkwalk -v2c -c public -On -m '' -t 60 -r 0 " + option
                + " " + agent + " " + oid
                + "; s=$?; echo; echo \"status $s\"; } | awk '/^\\./ { n++ } /^status/ { print n+0, $2 }'");
        double seconds = (System.nanoTime() - start) / 1e9;
        String[] words = output.strip().split(" ");
        int status = words.length == 2 ? Integer.parseInt(words[1]) : -1;
        if (status != 0 && status != TIMEOUT) {
            throw new IOException("snmpbulkwalk of " + oid + " at " + agent + ": " + output + "\n" + daemon.logTail());
        }
        return new Walk(Long.parseLong(words[0]), seconds, daemon.processorSeconds() - cpu, status == 0);
    }

    private static String output(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** Milliseconds. */
    private static double perThousand(Walk walk) {
        return walk.seconds() * 1e6 / Math.max(1, walk.values());
    }

    private void record(String what, String subject, int round, Walk walk) {
        double thousands = Math.max(1, walk.values()) / 1e3;
        recorder.add(what + ": time per 1,000 values", size, subject, "ms", round, perThousand(walk));
        recorder.add(what + ": CPU time per 1,000 values", size, subject, "ms", round, walk.cpu() * 1e3 / thousands);
        recorder.add(what + ": values per second", size, subject, "1/s", round, walk.values() / walk.seconds());
        if (walk.ended()) {
            recorder.add(what + ": complete walk", size, subject, "s", round, walk.seconds());
        }
    }
}
