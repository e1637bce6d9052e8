package io.lvsd.lab.guest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Commands, agent and receiver of net-snmp in the director's network namespace. */
final class NetSnmp {
    /** {@code lvs} of LVS-MIB. */
    static final String LVS = ".1.3.6.1.4.1.8225.4711";
    /** {@code keepalived} of KEEPALIVED-MIB. */
    static final String KEEPALIVED = ".1.3.6.1.4.1.9586.100.5";
    /** Options of v3 for {@link #user}. */
    static final String V3 = "-v3 -l authPriv -a SHA-256 -x AES ";
    /** The MIB files of lvsd. */
    static final String NAMES = "-M snmp/src/main/mibs/base:snmp/src/main/mibs -m LVS-MIB:KEEPALIVED-MIB ";

    private final Bed bed;

    NetSnmp(Bed bed) {
        this.bed = bed;
        // Otherwise each program reports that it creates them.
        for (String program : List.of("snmp", "snmpd", "snmptrapd")) {
            Shell.ok("mkdir -p " + bed.file(program + ".d") + "/cert_indexes");
        }
    }

    /** A user of v3 in the configuration of lvsd; its passwords contain its name. */
    static String user(String name, String more) {
        return "  user " + name + " {\n   auth sha256 " + name + "-auth-pass\n   priv aes128 " + name + "-priv-pass\n"
                + more + "  }\n";
    }

    /** The options of a client that is a {@link #user}. */
    static String as(String name) {
        return V3 + "-u " + name + " -A " + name + "-auth-pass -X " + name + "-priv-pass ";
    }

    /** Where snmpd listens for subagents. */
    String agentxSocket() {
        return bed.file("agentx").toString();
    }

    /** The environment of a program, whose files are in a directory of its own. */
    private String environment(String name) {
        return "env MIBS= SNMPCONFPATH=" + bed.file(name + ".d") + " SNMP_PERSISTENT_DIR=" + bed.file(name + ".d")
                + " ";
    }

    /** A command of net-snmp, without MIB files unless it names them. */
    String line(String command) {
        return environment("snmp") + command;
    }

    /** The output of a command that must succeed and must write nothing to its error output. */
    String ok(String command) {
        String errors = bed.file("errors-" + Thread.currentThread().threadId()).toString();
        String text = bed.director(line(command) + " 2>" + errors);
        String complaints = Shell.ok("cat " + errors);
        if (!complaints.isEmpty()) {
            throw new AssertionError(command + "\n" + complaints);
        }
        return text;
    }

    /** Outputs of a command in a namespace, whatever it comes to. */
    String attempt(String namespace, String command) {
        return Shell.run(bed.in(namespace, line(command))).text();
    }

    /**
     * All values of both MIBs.
     *
     * @param command such as {@code snmpwalk -v2c -c public 127.0.0.1:1161}
     */
    Map<String, String> walk(String command) {
        Map<String, String> values = walk(command, LVS);
        values.putAll(walk(command, KEEPALIVED));
        return values;
    }

    /** Values below an object, in the order of the walk: type and value by identifier. Text is hexadecimal. */
    Map<String, String> walk(String command, String below) {
        return values(ok(command.replaceFirst(" ", " -t 30 -Onx ") + " " + below));
    }

    /** Of the output of a command with {@code -Onx}. */
    static Map<String, String> values(String output) {
        List<String> lines = new ArrayList<>();
        for (String line : output.lines().toList()) {
            if (line.startsWith(".")) {
                lines.add(line);
            } else if (!lines.isEmpty()) {
                lines.add(lines.removeLast() + line);
            }
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : lines) {
            int equals = line.indexOf(" = ");
            if (equals > 0
                    && values.put(
                                    line.substring(0, equals),
                                    line.substring(equals + 3).strip())
                            != null) {
                throw new AssertionError("twice: " + line);
            }
        }
        return values;
    }

    /** Starts an agent with AgentX at UDP and TCP port 1162, and waits until it responds. */
    Background snmpd(String more) {
        bed.write("snmpd.conf", """
            agentAddress udp:127.0.0.1:1162,tcp:127.0.0.1:1162
            master agentx
            agentXSocket unix:%s
            rocommunity public 127.0.0.1
            %s
            """.formatted(agentxSocket(), more));
        Background snmpd = bed.start(
                "d",
                "snmpd",
                environment("snmpd") + "snmpd -f -C -c " + bed.file("snmpd.conf") + " -Lf " + bed.file("snmpd.out")
                        + " -I -smux");
        Bed.waitFor(
                "snmpd responds",
                () -> attempt("d", "snmpget -v2c -c public -t 1 -r 0 127.0.0.1:1162 1.3.6.1.2.1.1.1.0")
                        .contains("Linux"),
                () -> snmpd.log() + Shell.run("cat " + bed.file("snmpd.out")).text());
        return snmpd;
    }

    /** Waits until the subagent serves a row through snmpd. */
    void untilServed() {
        Bed.waitFor(
                "lvsd is served by snmpd",
                () -> attempt("d", "snmpget -v2c -c public -t 2 -r 0 127.0.0.1:1162 " + LVS + ".17.1.1.1")
                        .contains("INTEGER: 1"),
                () -> Shell.run("cat " + bed.file("snmpd.out")).text());
    }

    /** Starts a receiver of notifications at port 1163, which writes {@link #notifications}. */
    Background snmptrapd(String access) {
        bed.write("snmptrapd.conf", access);
        Background receiver = bed.start(
                "d",
                "snmptrapd",
                environment("snmptrapd") + "snmptrapd -f -C -c " + bed.file("snmptrapd.conf") + " -Lf "
                        + bed.file("notifications") + " -Onex -F \"%P|%v\\n\" udp:127.0.0.1:1163");
        Bed.waitFor(
                "snmptrapd listens",
                () -> bed.director("ss -Hlun sport = :1163").contains(":1163"),
                receiver::log);
        return receiver;
    }

    /** What the receiver has written. */
    String notifications() {
        return Shell.run("cat " + bed.file("notifications")).text();
    }
}
