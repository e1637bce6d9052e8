package io.lvsd.conf.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.WithoutOrigins;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keywords of keepalived.conf whose effect depends on their order, and the same configuration in HOCON. */
final class LineOrderTest {
    @TempDir
    private Path directory;

    private DaemonConfig load(String text, ConfigFormat format) throws IOException {
        Path file = Files.writeString(directory.resolve("x.conf"), text);
        return new ConfigLoader.Source(file, "x", Optional.of(format)).load().config();
    }

    private static String sorry(VirtualServerConfig server) {
        return server.sorry()
                .map(s -> s.id() + " " + s.forwarding().method() + (s.inhibit() ? " inhibit" : ""))
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "192.0.2.1 80 | sorry_server 10.0.0.9 80, sorry_server_lvs_method TUN | 10.0.0.9:80 TUN | 0 | INET",
                "192.0.2.1 80 | sorry_server_lvs_method TUN, sorry_server 10.0.0.9 80 | 10.0.0.9:80 NAT | 0 | INET",
                "192.0.2.1 80 | sorry_server_inhibit, sorry_server 10.0.0.9 80 | 10.0.0.9:80 NAT | 0 | INET",
                "192.0.2.1 80 | sorry_server 10.0.0.9 80, sorry_server_inhibit | 10.0.0.9:80 NAT inhibit | 0 | INET",
                "192.0.2.1 80 | sorry_server_lvs_method DR, sorry_server 10.0.0.9 80, sorry_server_lvs_method TUN |"
                        + " 10.0.0.9:80 TUN | 0 | INET",
                "192.0.2.1 80 | sorry_server 10.0.0.8 80, sorry_server_lvs_method TUN, sorry_server 10.0.0.9 80 |"
                        + " 10.0.0.9:80 TUN | 0 | INET",
                "192.0.2.1 80 | lvs_sched sh, sh-port | none | 16 | INET",
                "192.0.2.1 80 | sh-port, lvs_sched sh | none | 0 | INET",
                "192.0.2.1 80 | sh-port, lvs_sched sh, sh-port | none | 16 | INET",
                "192.0.2.1 80 | lvs_sched sh, sh-port, lvs_sched sh | none | 16 | INET",
                "fwmark 5 | lvs_method TUN, real_server fd00::1 80 {, }, ip_family inet, real_server 10.0.0.1 80 {,"
                        + " lvs_method NAT, } | none | 0 | INET",
                "fwmark 5 | real_server fd00::1 80 {, }, ip_family inet | none | 0 | INET6"
            })
    void applyInTheirOrderAndAreConvertedToTheirEffect(
            String head, String lines, String sorry, long flags, String family) throws IOException {
        String text = "virtual_server " + head + " {\nprotocol TCP\nlvs_method NAT\n" + lines.replace(", ", "\n")
                + (head.startsWith("fwmark") ? "" : "\nreal_server 10.0.0.1 80 {\n}") + "\n}\n";
        DaemonConfig config = load(text, ConfigFormat.KEEPALIVED);
        VirtualServerConfig server = config.virtualServers().getFirst();
        assertEquals(
                List.of(sorry, flags, family),
                List.of(sorry(server), server.schedulerFlags(), server.family().toString()),
                text);
        for (ConfigFormat format : ConfigFormat.values()) {
            ConfigLoader.Source source =
                    new ConfigLoader.Source(directory.resolve("k.conf"), "x", Optional.of(ConfigFormat.KEEPALIVED));
            Files.writeString(source.file(), text);
            Converted converted = Converter.convert(source.parse(new io.lvsd.conf.source.Problems()), format);
            assertEquals(
                    WithoutOrigins.of(config.virtualServers()),
                    WithoutOrigins.of(load(converted.text(), format).virtualServers()),
                    () -> converted.text()
                            + converted.lost().stream()
                                    .map(ConfigProblem::render)
                                    .toList());
        }
    }
}
