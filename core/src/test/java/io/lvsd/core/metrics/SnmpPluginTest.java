package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin for Nagios and Icinga, with a program in place of snmpbulkwalk that prints stored values. */
final class SnmpPluginTest {
    private static final Path PLUGIN =
            Path.of("../examples/monitoring/nagios/check_lvsd_snmp").toAbsolutePath();
    private static final int DEADLINE_SECONDS = 30;

    /** Columns and values as {@code snmpbulkwalk -OnqeUx} prints them. Virtual servers 1, 2, 4 and 5; 1 and 2 have a sorry server. */
    private static final String VALUES = """
        3.1.3.5 "77 65 62 "
        3.1.4.4 7
        3.1.6.1 "C0 00 02 0A "
        3.1.6.2 "20 01 0D B8 00 00 00 00 00 00 00 00 00 00 00 10 "
        3.1.7.1 80
        3.1.7.2 443
        3.1.23.1 1
        3.1.23.2 2
        3.1.23.4 1
        3.1.23.5 1
        3.1.71.4 "6D 61 69 6C 20 72 65 6C 61 79 "
        4.1.2.1.1 2
        4.1.2.1.2 1
        4.1.2.1.3 1
        4.1.2.2.1 2
        4.1.2.2.2 1
        4.1.2.4.1 1
        4.1.4.1.1 "7F 00 00 01 "
        4.1.4.1.2 "0A 00 00 0B "
        4.1.4.1.3 "0A 00 00 0C "
        4.1.4.2.1 "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 "
        4.1.4.2.2 "20 01 0D B8 00 00 00 00 00 01 00 00 00 00 00 00 "
        4.1.4.4.1 "0A 00 00 15 "
        4.1.5.1.2 80
        4.1.5.1.3 80
        4.1.5.2.2 443
        4.1.5.4.1 0
        4.1.6.1.2 1
        4.1.6.1.3 2
        4.1.6.2.2 2
        4.1.6.4.1 1
        """;

    @TempDir
    private Path directory;

    @BeforeEach
    void fakeClient() throws IOException {
        Files.writeString(
                directory.resolve("values"), VALUES.indent(0).replaceAll("(?m)^(?=\\d)", ".1.3.6.1.4.1.9586.100.5.3."));
        Path client = directory.resolve("snmpbulkwalk");
        Files.writeString(client, """
            #!/bin/sh
            printf '%s ' "$@" >>"${0%/*}/calls"
            case " $* " in *" 192.0.2.99 "*) echo "Timeout: No Response from 192.0.2.99" >&2; exit 1 ;; esac
            for column; do :; done
            grep "^$column\\\\." "${0%/*}/values" || echo "$column No Such Object available on this agent at this OID"
            """);
        assertTrue(client.toFile().setExecutable(true));
    }

    private record Result(int status, String output) {}

    private Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", PLUGIN.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("PATH", directory + ":" + System.getenv("PATH"));
        Process process = builder.start();
        assertTrue(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), "timeout");
        return new Result(process.exitValue(), Files.readString(directory.resolve("output"), StandardCharsets.UTF_8));
    }

    @Test
    void aMissingQuorumIsCritical() throws Exception {
        assertEquals(new Result(2, """
            LVSD CRITICAL - 1 of 4 virtual servers without quorum, 2 of 4 real servers down \
            | no_quorum=1;;0;0;4 down=2;0;;0;4 sorry=1;;;0;4
            no quorum: [2001:db8::10]:443, sorry server in use
            real server down: 10.0.0.12:80 of 192.0.2.10:80
            real server down: [2001:db8:0:0:1::]:443 of [2001:db8::10]:443
            """), run("-H", "192.0.2.1", "-C", "public"));
        assertTrue(Files.readString(directory.resolve("calls")).startsWith("-v2c -c public -m "));
    }

    @Test
    void realServersThatAreDownHaveThresholds() throws Exception {
        assertEquals(1, run("-H", "192.0.2.1", "-s", "192.0.2.10:80").status());
        assertEquals(0, run("-H", "192.0.2.1", "-s", "192.0.2.10:80", "-w", "2").status());
        assertEquals(2, run("-H", "192.0.2.1", "-s", "192.0.2.10:80", "-c", "1").status());
    }

    @Test
    void aVirtualServerHasAnAddressAMarkAGroupOrAName() throws Exception {
        for (String name : List.of("fwmark 7", "mail relay", "web")) {
            assertEquals(0, run("-H", "192.0.2.1", "-s", name).status(), name);
        }
        assertEquals(2, run("-H", "192.0.2.1", "-s", "[2001:db8::10]:443").status());
        assertEquals(
                new Result(3, "LVSD UNKNOWN - no virtual server 192.0.2.10\n"),
                run("-H", "192.0.2.1", "-s", "192.0.2.10"));
    }

    /** An agent without KEEPALIVED-MIB responds with the end of its view or with a message for the column. */
    @Test
    void anAgentWithoutVirtualServersIsUnknown() throws Exception {
        Result none = new Result(3, "LVSD UNKNOWN - the agent has no virtual servers\n");
        Files.writeString(directory.resolve("values"), "");
        assertEquals(none, run("-H", "192.0.2.1"));
        Files.writeString(directory.resolve("snmpbulkwalk"), """
            #!/bin/sh
            for column; do :; done
            echo "$column No more variables left in this MIB View (It is past the end of the MIB tree)"
            """);
        assertEquals(none, run("-H", "192.0.2.1"));
    }

    @Test
    void anAgentThatDoesNotRespondIsUnknown() throws Exception {
        assertEquals(
                new Result(3, "LVSD UNKNOWN - Timeout: No Response from 192.0.2.99\n"),
                run("-H", "192.0.2.99", "-C", "public"));
        assertEquals(3, run("-C", "public").status());
        assertEquals(3, run("-H", "192.0.2.1", "-w", "many").status());
    }

    @Test
    void optionsOfTheClientReplaceTheCommunity() throws Exception {
        run("-H", "192.0.2.1", "-C", "public", "--", "-v3", "-u", "monitor");
        assertTrue(Files.readString(directory.resolve("calls")).startsWith("-v3 -u monitor -m "));
    }
}
