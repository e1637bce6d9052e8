package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.value.Driver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which parts of a configuration a driver does not support, and where they are. */
final class DriverCompatibilityTest {
    @TempDir
    private Path directory;

    private List<ConfigProblem> problems(Driver driver, String text) throws IOException {
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(file, text);
        ConfigLoader.Loaded loaded = ConfigLoader.load(file);
        assertEquals(
                List.of(),
                loaded.problems().stream().filter(ConfigProblem::isError).toList());
        List<ConfigProblem> added =
                new ArrayList<>(DriverCompatibility.validated(loaded, driver).problems());
        added.removeAll(loaded.problems());
        return added;
    }

    private static String server(String target, String lines, String realServer) {
        return "virtual_server " + target + " {\n" + (target.startsWith("fwmark") ? "" : "protocol TCP")
                + "\nlvs_sched rr\nlvs_method NAT\n" + lines
                + "\n\nreal_server " + realServer + " {\nweight 1\n}\n}\n";
    }

    @ParameterizedTest
    @CsvSource({
        "fwmark 5, '', 127.0.0.1 81, 1, does not support firewall marks",
        "127.0.0.1 0, persistence_timeout 60, 127.0.0.1 81, 1, does not support services on all ports",
        "127.0.0.1 80, protocol SCTP, 127.0.0.1 81, 1, supports TCP and UDP only",
        "127.0.0.1 80, lvs_sched lblc, 127.0.0.1 81, 1, has no scheduler 'lblc'",
        "127.0.0.1 80, lvs_method DR, 127.0.0.1 80, 7, use lvs_method NAT",
        "127.0.0.1 80, lvs_method TUN, 127.0.0.1 80, 7, use lvs_method NAT",
        "127.0.0.1 80, '', 127.0.0.1 80, 7, connections would loop",
    })
    void whatTheEmbeddedDriverCannotDoIsAnErrorAtItsPlace(
            String target, String lines, String realServer, int line, String text) throws IOException {
        List<ConfigProblem> found = problems(Driver.EMBEDDED, server(target, lines, realServer));
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.getFirst().text().contains(text), found::toString);
        assertTrue(found.getFirst().isError());
        assertEquals(line, found.getFirst().origin().line());
        assertEquals(List.of(), problems(Driver.KERNEL, server(target, lines, realServer)));
    }

    @Test
    void whatItCanDoIsNoProblem() throws IOException {
        assertEquals(List.of(), problems(Driver.EMBEDDED, server("127.0.0.1 80", "", "127.0.0.1 81")));
    }

    @Test
    void aSorryServerThatGetsPacketsIsAnErrorToo() throws IOException {
        String lines = "sorry_server 127.0.0.1 82\nsorry_server_lvs_method DR";
        List<ConfigProblem> found = problems(Driver.EMBEDDED, server("127.0.0.1 82", lines, "127.0.0.1 81"));
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.getFirst().isError() && found.getFirst().text().startsWith("sorry server 127.0.0.1:82: "));
        assertEquals(5, found.getFirst().origin().line());
    }

    @Test
    void aSynchronisationDaemonIsAnError() throws IOException {
        List<ConfigProblem> found = problems(
                Driver.EMBEDDED,
                "global_defs {\nlvs_sync_daemon eth0\n}\n" + server("127.0.0.1 80", "", "127.0.0.1 81"));
        assertEquals(2, found.getFirst().origin().line());
    }

    @Test
    void theProxyProtocolIsForTheEmbeddedDriverOnly() throws IOException {
        String text = server("127.0.0.1 80", "proxy_protocol on", "127.0.0.1 81");
        assertEquals(List.of(), problems(Driver.EMBEDDED, text));
        ConfigProblem found = problems(Driver.KERNEL, text).getFirst();
        assertTrue(!found.isError() && found.text().contains("embedded driver only"));
        String udp = server("127.0.0.1 80", "proxy_protocol on\nprotocol UDP", "127.0.0.1 81");
        assertTrue(problems(Driver.EMBEDDED, udp).getFirst().text().contains("TCP only"));
    }
}
