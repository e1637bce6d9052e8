package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code net_namespace} and {@code net_namespace_ipvs}: the namespaces of probes and of the table. */
final class NamespaceTest {
    private static String config(String namespaces) {
        return namespaces
                + "virtual_server 10.50.1.1 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                + " real_server 10.60.1.1 80 {\n  TCP_CHECK {\n   connect_timeout 5\n   warmup 0\n  }\n }\n}\n";
    }

    @Test
    void probesAndTableHaveTheirNamespaces() throws IOException {
        try (Side probes = new Side("names-probes");
                Side table = new Side("names-table")) {
            probes.write("lvsd.conf", config("net_namespace names-probes\nnet_namespace_ipvs names-table\n"));
            String command = "./lvsd run --driver kernel --run-dir " + probes.file("run") + " --state-dir "
                    + probes.file("state") + " -f " + probes.file("lvsd.conf");
            try (Background lvsd = new Background(command, probes.file("log"))) {
                Bed.waitFor(
                        "the server passes its check, through the web server of the one namespace",
                        () -> lvsd.log().contains("event=check.up"),
                        lvsd::log);
                Bed.waitFor("the other has the table", () -> table.table().size() == 2, lvsd::log);
                assertEquals(0, probes.table().size());
                probes.write("lvsd.conf", config("net_namespace names-probes\n"));
                lvsd.signal("HUP");
                Bed.waitFor(
                        "a refusal by name",
                        () -> lvsd.log().contains("'net_namespace_ipvs' cannot change at a reload"),
                        lvsd::log);
                lvsd.signal("TERM");
                assertEquals(0, lvsd.await());
                assertEquals(0, table.table().size());
            }
            probes.write("lvsd.conf", config("net_namespace no-such\n"));
            Shell.Result result = Shell.run(command);
            assertEquals(1, result.status());
            assertTrue(result.text().contains("network namespace no-such"), result::text);
        }
    }
}
