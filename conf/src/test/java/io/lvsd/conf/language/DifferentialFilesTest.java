package io.lvsd.conf.language;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Support;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The files that keepalived and lvsd are compared with hold every keyword of keepalived's that concerns LVS. */
final class DifferentialFilesTest {
    private static final Path FILES = Path.of("..", "lab", "src", "test", "differential");
    private static final Set<String> OURS = Set.of(
            "LVSD",
            "LOG",
            "METRICS",
            "STATSD",
            "OTLP",
            "WEBHOOK",
            "SNMP",
            "SNMP_USER",
            "HTTP",
            "SORRY_PAGE",
            "SORRY_HOST",
            "GRPC_CHECK",
            "SERVICE_CHECK",
            "MAINTENANCE",
            "WEIGHT_FROM");
    /** Keywords that are lvsd's own, and why others of keepalived's are in no file. */
    private static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry("net_namespace", "the test puts both into a namespace"),
            Map.entry("net_namespace_ipvs", "the test puts both into a namespace"),
            Map.entry("BFD_CHECK", "without a peer the session is down, and its server out"),
            Map.entry("name", "of BFD_CHECK"),
            Map.entry("reload_check_config", "keepalived 2.2.7 would end at the first keyword of a later version"),
            Map.entry("checker_rt_priority", "a real-time process starves an emulated guest"),
            Map.entry("checker_rlimit_rttime", "as checker_rt_priority"),
            Map.entry("checker_no_swap", "locks memory that the guest needs"),
            Map.entry("vrrp_track_file", "the old name of track_file"),
            Map.entry("checker", "of bfd_instance"),
            Map.entry("vrrp", "of bfd_instance"),
            Map.entry("lvs_netlink_cmd_rcv_bufs", "a buffer size; in the corpus of configuration files"),
            Map.entry("lvs_netlink_cmd_rcv_bufs_force", "as lvs_netlink_cmd_rcv_bufs"),
            Map.entry("lvsd", "ours"),
            Map.entry("removal_grace", "ours"),
            Map.entry("sorry_listen", "ours"),
            Map.entry("sorry_page", "ours"),
            Map.entry("proxy_protocol", "ours"),
            Map.entry("GRPC_CHECK", "ours"),
            Map.entry("SERVICE_CHECK", "ours"),
            Map.entry("weight_from", "ours"),
            Map.entry("body", "ours"),
            Map.entry("compression", "ours"),
            Map.entry("header", "ours"),
            Map.entry("json", "ours"),
            Map.entry("method", "ours"),
            Map.entry("redirects", "ours"),
            Map.entry("tls_ca", "ours"),
            Map.entry("tls_certificate", "ours"),
            Map.entry("tls_key", "ours"),
            Map.entry("tls_password", "ours"),
            Map.entry("tls_pin", "ours"),
            Map.entry("tls_verify", "ours"),
            Map.entry("tls_min", "ours"),
            Map.entry("total_timeout", "ours"),
            Map.entry("tls_ciphers", "ours"),
            Map.entry("rise", "ours"),
            Map.entry("fall", "ours"),
            Map.entry("fast_interval", "ours"),
            Map.entry("slow_start", "ours"),
            Map.entry("panic_threshold", "ours"),
            Map.entry("via_vip", "ours"),
            Map.entry("sorry_mode", "ours"),
            Map.entry("maintenance", "ours"),
            Map.entry("snmp_index", "ours"));

    private static void collect(Scope scope, List<Statement> statements, Set<String> seen) {
        for (Statement statement : statements) {
            Optional<Keyword<?>> keyword = Language.find(scope, statement.name());
            if (keyword.isEmpty()) {
                throw new AssertionError(statement.origin() + ": unknown " + statement.name());
            }
            seen.add(keyword.get().name());
            @Nullable List<Statement> block = statement.block();
            if (block != null) {
                keyword.get().type().inside().ifPresent(inside -> collect(inside, block, seen));
            }
        }
    }

    @Test
    void everyKeywordIsInOne() throws IOException {
        Set<String> seen = new TreeSet<>();
        try (Stream<Path> files = Files.list(FILES)) {
            for (Path file : files.toList()) {
                ConfigLoader.Source source =
                        new ConfigLoader.Source(file, "here", Optional.of(ConfigFormat.KEEPALIVED));
                collect(Scope.ROOT, source.parse(new Problems()).statements(), seen);
            }
        }
        Set<String> missing = new TreeSet<>();
        for (Keyword<?> keyword : Language.all()) {
            boolean keepalived = keyword.support() != Support.VRRP_ONLY
                    && Language.KEYWORDS.scopesOf(keyword).stream().anyMatch(s -> !OURS.contains(s.toString()));
            if (keepalived && !seen.contains(keyword.name()) && !LEFT_OUT.containsKey(keyword.name())) {
                missing.add(keyword.name());
            }
        }
        assertEquals(Set.of(), missing);
    }
}
