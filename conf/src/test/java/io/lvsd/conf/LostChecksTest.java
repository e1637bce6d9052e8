package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.RealServerConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server whose only check came to nothing: one that never passes takes its place. */
final class LostChecksTest {
    private static final String HEAD =
            "virtual_server 10.0.0.1 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\nreal_server 10.0.0.2 80 {\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Loaded load(String body) {
        return new TextLoader(directory).load(HEAD + body.replace("; ", "\n"));
    }

    private static List<CheckConfig> checks(Loaded loaded) {
        RealServerConfig first =
                loaded.config().virtualServers().getFirst().realServers().getFirst();
        assertEquals("10.0.0.2:80", first.id().toString());
        return first.checks();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP_GET { url { path /; regex \"(\" } }; }; }                    | HTTP_GET",
                "HTTP_GET { url { status_code 200 } }; }; }                        | HTTP_GET",
                "HTTP_GET { url { path } }; }; }                                   | HTTP_GET",
                "HTTP_GET { url { path \"/a b\" } }; }; }                          | HTTP_GET",
                "HTTP_GET { connect_timeout 3 }; }; }                              | HTTP_GET",
                "HTTP_GET { ulr { path / } }; }; }                                 | HTTP_GET",
                "HTTP_GET {; }; url { path / }; }; }                               | HTTP_GET",
                "SSL_GET { url { path /; regex \"(\" } }; }; }                     | SSL_GET",
                "MISC_CHECK { misc_timeout 3 }; }; }                               | MISC_CHECK",
                "MISC_CHECK { misc_path }; }; }                                    | MISC_CHECK",
                "FILE_CHECK { track_file nowhere }; }; }                           | FILE_CHECK",
                "BFD_CHECK { name nobody }; }; }                                   | BFD_CHECK",
                "SERVICE_CHECK { type nonsense }; }; }                             | SERVICE_CHECK",
                "TCP_CHECK { connect_ip fe80::1 }; }; }                            | TCP_CHECK",
                "TCP_CHEK { }; }; }                                                | TCP_CHEK",
                "TCP_CHEK; }; }                                                    | TCP_CHEK",
                "HTTPS_GET { url { path / } }; }; }                                | HTTPS_GET",
                "check_tcp { connect_port 80 }; }; }                               | check_tcp",
                "TCP_CHECK ${X} {; }; }; }                                         | TCP_CHECK",
                "HTTP_GET {; url ${X} {; path /; }; }; }; }                        | HTTP_GET",
                "weight 1; }; TCP_CHECK { }; }                                     | TCP_CHECK",
                "weight 1; }; }; TCP_CHECK { }                                     | TCP_CHECK",
                "weight 1; real_server 10.0.0.3 80 {; TCP_CHECK { }; }; }; }       | real_server",
                "weight_from { agent 80; TCP_CHECK { }; }; }; }                    | TCP_CHECK",
                "include missing.conf; }; }                                        | include"
            })
    void isReplacedByOneThatNeverPasses(String body, String kind) {
        Loaded loaded = load(body + "\n");
        List<CheckConfig> checks = checks(loaded).stream()
                .filter(c -> !(c.spec() instanceof AgentCheck))
                .toList();
        assertEquals(1, checks.size(), loaded.problems()::toString);
        assertEquals(kind, checks.getFirst().kind());
        assertTrue(checks.getFirst().alpha());
        assertTrue(checks.getFirst().spec() instanceof UnusableCheck);
        assertTrue(loaded.problems().stream().anyMatch(p -> p.text().contains("has no valid check")));
    }

    @Test
    void namesTheErrorAndItsPlace() {
        UnusableCheck lost = (UnusableCheck) checks(load("HTTP_GET {; url {; path /; regex \"(\"; }; }; }; }; "))
                .getFirst()
                .spec();
        assertTrue(lost.reason().matches("error in .*/test.conf:9: \\S.*"), lost::reason);
    }

    @Test
    void aRealServerWithoutABlockHasNoUsableCheck() {
        Loaded loaded = new TextLoader(directory)
                .load(HEAD.replace("80 {\nprotocol", "80 {\nprotocol").replace("10.0.0.2 80 {", "10.0.0.2 80")
                        + "real_server 10.0.0.3 80 { TCP_CHECK { } }\n}\n");
        assertTrue(checks(loaded).getFirst().spec() instanceof UnusableCheck, loaded.problems()::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "}; }",
                "weight 1; nonsense 3; }; }",
                "weight nonsense; }; }",
                "@other TCP_CHECK { }; }; }",
                "@other TCP_CHEK { }; }; }",
                "include none*.conf; }; }",
                "alpha 1; }; }"
            })
    void isNotInventedForAServerThatHasNone(String body) {
        Loaded loaded = load(body + "\n");
        assertEquals(List.of(), checks(loaded), loaded.problems()::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TCP_CHECK { }; HTTP_GET { url { status_code 200 } }; }; }",
                "TCP_CHEK { }; TCP_CHECK { }; }; }",
                "TCP_CHECK { connect_prot 80 }; }; }",
                "TCP_CHECK { connect_port 99999 }; }; }",
                "TCP_CHECK; connect_port 80; }; }; }"
            })
    void isOfNoAccountWhileAnotherDecides(String body) {
        Loaded loaded = load(body + "\n");
        assertTrue(loaded.hasErrors());
        assertEquals(1, checks(loaded).size());
        assertFalse(checks(loaded).getFirst().spec() instanceof UnusableCheck, loaded.problems()::toString);
    }
}
