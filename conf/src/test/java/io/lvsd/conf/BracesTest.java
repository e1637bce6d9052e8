package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Braces that are missing or too many: what is reported, and what is understood all the same. */
final class BracesTest {
    private static final String HEAD = "protocol TCP\nlvs_sched rr\nlvs_method NAT\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    /** Each virtual server with its real servers, their weights and kinds of check. */
    private static String understood(Loaded loaded) {
        return String.join(
                "; ",
                loaded.config().virtualServers().stream()
                        .map(BracesTest::understood)
                        .toList());
    }

    private static String understood(VirtualServerConfig vs) {
        Stream<String> servers = vs.realServers().stream().map(BracesTest::understood);
        return vs.id() + " [" + String.join(", ", servers.toList()) + "]";
    }

    private static String understood(RealServerConfig rs) {
        Stream<String> words = Stream.concat(
                Stream.of(rs.id().toString(), "weight " + rs.weight()),
                rs.checks().stream().map(CheckConfig::kind));
        return String.join(" ", words.toList());
    }

    static List<Arguments> files() {
        String virtual = "virtual_server 10.0.0.1 80";
        String other = "virtual_server 10.0.0.3 80 {\n" + HEAD + "real_server 10.0.0.4 80 { TCP_CHECK { } }\n}\n";
        String one = "10.0.0.1:80/tcp [10.0.0.2:80 weight 3 TCP_CHECK]";
        String two = one + "; 10.0.0.3:80/tcp [10.0.0.4:80 weight 1 TCP_CHECK]";
        return List.of(
                Arguments.of(
                        "the brace of a block keyword may be on the next line",
                        virtual + "\n{\n" + HEAD + "real_server 10.0.0.2 80\n{\nweight 3\nTCP_CHECK\n{\n}\n}\n}\n"
                                + other,
                        List.of(),
                        two),
                Arguments.of(
                        "virtual_server without its brace",
                        virtual + "\n" + HEAD + "real_server 10.0.0.2 80 {\nweight 3\nTCP_CHECK { }\n}\n}\n" + other,
                        List.of("1:1: error: missing '{' after 'virtual_server': the following lines are read as its"
                                + " block"),
                        two),
                Arguments.of(
                        "real_server without its brace",
                        virtual + " {\n" + HEAD + "real_server 10.0.0.2 80\nweight 3\nTCP_CHECK { }\n}\n}\n" + other,
                        List.of("5:1: error: missing '{' after 'real_server': the following lines are read as its"
                                + " block"),
                        two),
                Arguments.of(
                        "a check and a url without their braces",
                        virtual + " {\n" + HEAD
                                + "real_server 10.0.0.2 80 {\nweight 3\nHTTP_GET\nurl\npath /a\n}\n}\n}\n}\n" + other,
                        List.of(
                                "7:1: error: missing '{' after 'HTTP_GET': the following lines are read as its block",
                                "8:1: error: missing '{' after 'url': the following lines are read as its block"),
                        "10.0.0.1:80/tcp [10.0.0.2:80 weight 3 HTTP_GET]; 10.0.0.3:80/tcp [10.0.0.4:80 weight 1"
                                + " TCP_CHECK]"),
                Arguments.of(
                        "a stray brace behind a keyword that has no block",
                        virtual + " {\n" + HEAD + "real_server 10.0.0.2 80 {\nweight 3 {\nTCP_CHECK { }\n}\n}\n"
                                + other,
                        List.of("6:10: error: unexpected '{', ignored: 'weight' is not a block"),
                        two),
                Arguments.of(
                        "a stray brace that has a closing one",
                        virtual + " {\n" + HEAD + "real_server 10.0.0.2 80 {\nweight 3 { }\nTCP_CHECK { }\n}\n}\n"
                                + other,
                        List.of("6:10: error: unexpected '{', ignored: 'weight' is not a block"),
                        two),
                Arguments.of(
                        "a stray brace whose closing one follows other lines",
                        virtual + " {\n" + HEAD
                                + "real_server 10.0.0.2 80 {\nweight {\nweight 3\nTCP_CHECK { }\n}\n}\n}\n" + other,
                        List.of(
                                "6:1: error: 'weight' requires a value",
                                "6:8: error: unexpected '{', ignored: 'weight' is not a block"),
                        two),
                Arguments.of(
                        "a stray brace without a keyword",
                        virtual + " {\n" + HEAD + "real_server 10.0.0.2 80 {\n{\nweight 3\nTCP_CHECK { }\n}\n}\n"
                                + other,
                        List.of("6:1: error: unexpected '{' without a keyword before it, ignored"),
                        two),
                Arguments.of(
                        "a missing and a stray brace",
                        virtual + " {\n" + HEAD + "real_server 10.0.0.2 80\nweight 3 {\nTCP_CHECK { }\n}\n}\n" + other,
                        List.of(
                                "5:1: error: missing '{' after 'real_server': the following lines are read as its"
                                        + " block",
                                "6:10: error: unexpected '{', ignored: 'weight' is not a block"),
                        two),
                Arguments.of(
                        "a stray brace, and a missing one in the next virtual server",
                        virtual + " {\n" + HEAD + "real_server 10.0.0.2 80 {\nweight 3 {\nTCP_CHECK { }\n}\n}\n"
                                + "virtual_server 10.0.0.3 80 {\n" + HEAD
                                + "real_server 10.0.0.4 80\nTCP_CHECK { }\n}\n}\n",
                        List.of(
                                "6:10: error: unexpected '{', ignored: 'weight' is not a block",
                                "14:1: error: missing '{' after 'real_server': the following lines are read as its"
                                        + " block"),
                        two),
                Arguments.of(
                        "a missing brace, and a stray one in the next virtual server",
                        virtual + " {\n" + HEAD + "real_server 10.0.0.2 80\nweight 3\nTCP_CHECK { }\n}\n}\n"
                                + "virtual_server 10.0.0.3 80 {\n" + HEAD
                                + "real_server 10.0.0.4 80 {\nweight 1 {\nTCP_CHECK { }\n}\n}\n",
                        List.of(
                                "5:1: error: missing '{' after 'real_server': the following lines are read as its"
                                        + " block",
                                "15:10: error: unexpected '{', ignored: 'weight' is not a block"),
                        two),
                Arguments.of(
                        "a stray brace within a list of addresses",
                        "virtual_server_group G {\n10.0.0.1 80 {\n}\nvirtual_server group G {\n" + HEAD
                                + "real_server 10.0.0.2 80 {\nweight 3\nTCP_CHECK { }\n}\n}\n" + other,
                        List.of("2:13: error: unexpected '{', ignored: '10.0.0.1' is not a block"),
                        "group:G/tcp [10.0.0.2:80 weight 3 TCP_CHECK]; 10.0.0.3:80/tcp [10.0.0.4:80 weight 1"
                                + " TCP_CHECK]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void areReportedWhereTheyAreAndTheRestIsUnderstood(
            String name, String text, List<String> problems, String understood) {
        Loaded loaded = new TextLoader(directory).load(text);
        assertEquals(problems, TextLoader.headlines(loaded), name);
        assertEquals(understood, understood(loaded));
        assertTrue(loaded.loadable());
    }

    static List<Arguments> lines() {
        String head = "virtual_server 10.0.0.1 80 {\n" + HEAD;
        return List.of(
                Arguments.of(
                        "real servers of which the first has neither brace",
                        head + "real_server 10.0.0.2 80\nreal_server 10.0.0.3 80 {\nTCP_CHECK { }\n}\n}\n",
                        "10.0.0.2:80 10.0.0.3:80"),
                Arguments.of(
                        "a last real server that has neither brace, before another virtual server",
                        head + "real_server 10.0.0.2 80\n}\nvirtual_server 10.0.0.9 80 {\n" + HEAD
                                + "real_server 10.0.0.3 80 { TCP_CHECK { } }\n}\n",
                        "10.0.0.2:80 10.0.0.3:80"),
                Arguments.of(
                        "an undefined parameter drops its line and its block",
                        head + "real_server 10.0.${X}.2 80 {\nweight 3\nTCP_CHECK { }\n}\n"
                                + "real_server 10.0.0.3 80 {\nTCP_CHECK { }\n}\n}\n",
                        "10.0.0.3:80"),
                Arguments.of(
                        "a block on one line with an undefined parameter",
                        head
                                + "real_server 10.0.0.2 80 { weight ${W} }\n"
                                + "real_server 10.0.0.3 80 { TCP_CHECK { } }\n"
                                + "}\n",
                        "10.0.0.3:80"),
                Arguments.of(
                        "a repetition that never ends drops its block",
                        head + "~SEQ(N, 1, -1, 3) real_server 10.0.0.$N 80 {\nTCP_CHECK { }\n}\n"
                                + "real_server 10.0.0.3 80 { TCP_CHECK { } }\n}\n",
                        "10.0.0.3:80"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void whatIsBrokenIsDroppedAndItsNeighboursStay(String name, String text, String understood) {
        Loaded loaded = new TextLoader(directory).load(text);
        assertEquals(
                understood,
                String.join(
                        " ",
                        loaded.config().virtualServers().stream()
                                .flatMap(vs -> vs.realServers().stream())
                                .map(rs -> rs.id().toString())
                                .toList()),
                () -> name + loaded.problems());
        assertEquals(
                1, loaded.problems().stream().filter(ConfigProblem::isError).count(), loaded.problems()::toString);
    }
}
