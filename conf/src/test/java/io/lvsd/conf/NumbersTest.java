package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.source.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as keepalived accepts and refuses them: with blanks inside quotes, signs, leading zeros and too many digits. */
final class NumbersTest {
    private static final String SERVER = """
        virtual_server 10.1.0.1 80 {
         lvs_sched rr
         lvs_method NAT
         protocol TCP
         real_server 10.2.0.1 80 {
          HTTP_GET {
           url {
            path /
            %s
           }
          }
         }
        }
        """;

    @TempDir
    private Path directory;

    private List<String> errors(String text) throws IOException {
        return ConfigLoader.load(Files.writeString(directory.resolve("n.conf"), text)).problems().stream()
                .filter(ConfigProblem::isError)
                .map(ConfigProblem::text)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
        global_defs, lvs_timeouts tcp " 5"
        global_defs, lvs_timeouts tcp +5 udp 005
        global_defs, lvs_sync_daemon lo id " 5"
        global_defs, smtp_server 127.0.0.1 " 25"
        global_defs, nftables_ipvs_priority -2147483648
        global_defs, lvs_netlink_cmd_rcv_bufs 4294967295
        global_defs, umask 0x10
        track_file A, init_file " 5"
        track_file A, weight " -5"
        virtual_server_group A, fwmark +3
        virtual_server_group A, 10.9.0.1-+3
        virtual_server_group A, fd00::1-0x10
        virtual_server_group A, 10.9.0.1 " 80"
        """)
    void whatKeepalivedAcceptsIsAccepted(String block, String line) throws IOException {
        String file = block.startsWith("track_file") ? " file /tmp/x\n" : "";
        assertEquals(List.of(), errors(block + " {\n" + file + " " + line + "\n}\n" + SERVER.formatted("")));
    }

    @ParameterizedTest
    @CsvSource({"0200", "+200", "200-0299"})
    void statusCodesMayHaveLeadingZeros(String code) throws IOException {
        assertEquals(List.of(), errors(SERVER.formatted("status_code " + code)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        smtp_connect_timeout -0 | invalid smtp_connect_timeout '-0': expected 1 to 4294
        smtp_connect_timeout 4295 | invalid smtp_connect_timeout '4295': expected 1 to 4294
        smtp_connect_timeout 99999999999999999999 | invalid smtp_connect_timeout '99999999999999999999': expected 1 to 4294
        random_seed 4294967296 | invalid random_seed '4294967296': expected 0 to 4294967295
        umask 777 | invalid umask '777': expected 0 to 0777, such as 022
        lvs_timeouts tcp -0 | invalid tcp '-0': expected 0 to 2678400
        """, quoteCharacter = '`')
    void whatKeepalivedReportsIsAnError(String line, String error) throws IOException {
        assertEquals(List.of(error), errors("global_defs {\n " + line + "\n}\n" + SERVER.formatted("")));
    }
}
