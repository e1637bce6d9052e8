package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.ConfigLoader.Source;
import io.lvsd.conf.convert.Converter;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Agentx;
import io.lvsd.conf.model.SnmpConfig.Auth;
import io.lvsd.conf.model.SnmpConfig.AuthProtocol;
import io.lvsd.conf.model.SnmpConfig.Identity;
import io.lvsd.conf.model.SnmpConfig.Listen;
import io.lvsd.conf.model.SnmpConfig.Network;
import io.lvsd.conf.model.SnmpConfig.Priv;
import io.lvsd.conf.model.SnmpConfig.PrivProtocol;
import io.lvsd.conf.model.SnmpConfig.Secret;
import io.lvsd.conf.model.SnmpConfig.Sink;
import io.lvsd.conf.model.SnmpConfig.Socket;
import io.lvsd.conf.model.SnmpConfig.SystemGroup;
import io.lvsd.conf.model.SnmpConfig.Transport;
import io.lvsd.conf.model.SnmpConfig.User;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.value.Community;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The block snmp in both syntaxes, and SNMP in global_defs. */
final class SnmpBlockTest {
    private static final String WHOLE = "listen 127.0.0.1:1161; listen tcp:[2001:db8::1]:1161; community public"
        + " 192.0.2.0/24; community six 2001:db8::/32; user monitor {; auth sha256 @/etc/lvsd/snmp.auth; priv aes128"
        + " \"pass word\"; network 192.0.2.0/24; network 2001:db8::1; view .1.3.6.1.4.1.8225; view 1.3.6.1.2.1; write;"
        + " }; user plain {; auth sha512 password; }; agentx unix:/run/master; sink udp:192.0.2.9:162 community"
        + " public; sink udp:[2001:db8::9]:162 community six inform; sink udp:traps.example.net:1162 user monitor"
        + " inform; write; update_interval 0.25; rate_limit 7; contact \"NOC, +31 20 5550100\"; location rack7;"
        + " engine_id 0x80001F8804";

    @TempDir
    private Path directory;

    /** @param lines separated by semicolons */
    private Loaded load(String lines) {
        return load("", lines);
    }

    private Loaded load(String global, String lines) {
        return new TextLoader(directory).load(text(global, lines));
    }

    private static String text(String global, String lines) {
        return "lvsd {\n snmp {\n" + lines.replace(";", "\n") + "\n }\n}\nglobal_defs {\n" + global.replace(";", "\n")
                + "\n}\n";
    }

    private static Optional<SnmpConfig> snmp(Loaded loaded) {
        return loaded.config().lvsd().snmp();
    }

    private static InetAddress address(String text) {
        return IpAddresses.address(text).orElseThrow();
    }

    @Test
    void communitiesAreNotInTheTextOfAConfiguration() {
        Optional<SnmpConfig> config = snmp(
                load("", "listen udp:192.0.2.9:1161;community s3cret 192.0.2.0/24;sink udp:host:162 community s3cret"));
        String text = config.orElseThrow().toString();
        assertTrue(text.contains("Community[REDACTED, 192.0.2.0/24]"), text);
        assertFalse(text.contains("s3cret"), text);
    }

    @Test
    void everyKeywordIsRead() {
        Loaded loaded = load("enable_traps", WHOLE);
        assertEquals(List.of(), loaded.problems());
        SnmpConfig config = snmp(loaded).orElseThrow();
        assertEquals(
                List.of(
                        new Listen(Transport.UDP, address("127.0.0.1"), 1161),
                        new Listen(Transport.TCP, address("2001:db8::1"), 1161)),
                config.listen());
        assertEquals(
                List.of(
                        new Community("public", address("192.0.2.0"), 24),
                        new Community("six", address("2001:db8::"), 32)),
                config.communities());
        assertEquals(
                List.of(
                        new User(
                                "monitor",
                                Optional.of(new Auth(
                                        AuthProtocol.SHA256, new Secret.InFile(Path.of("/etc/lvsd/snmp.auth")))),
                                Optional.of(new Priv(PrivProtocol.AES128, new Secret.Written("pass word"))),
                                List.of(
                                        new Network(address("192.0.2.0"), 24),
                                        new Network(address("2001:db8::1"), 128)),
                                List.of("1.3.6.1.4.1.8225", "1.3.6.1.2.1"),
                                true),
                        new User(
                                "plain",
                                Optional.of(new Auth(AuthProtocol.SHA512, new Secret.Written("password"))),
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                false)),
                config.users());
        assertEquals(Optional.of(new Agentx(new Socket.Unix(Path.of("/run/master")), true)), config.agentx());
        assertEquals(
                List.of(
                        new Sink("192.0.2.9", 162, new Identity.InCommunity("public"), false),
                        new Sink("2001:db8::9", 162, new Identity.InCommunity("six"), true),
                        new Sink("traps.example.net", 1162, new Identity.AsUser("monitor"), true)),
                config.sinks());
        assertTrue(config.write());
        assertEquals(Duration.ofMillis(250), config.interval());
        assertEquals(7, config.rateLimit());
        assertEquals(new SystemGroup("NOC, +31 20 5550100", "rack7"), config.system());
        assertEquals(Optional.of("80001f8804"), config.engineId());
    }

    @Test
    void defaultsAreThoseOfTheRecord() {
        SnmpConfig config =
                snmp(load("listen udp:127.0.0.1:1161; community public")).orElseThrow();
        assertEquals(List.of(new Community("public", address("127.0.0.0"), 8)), config.communities());
        assertEquals(Optional.empty(), config.agentx());
        assertFalse(config.write());
        assertEquals(SnmpConfig.INTERVAL, config.interval());
        assertEquals(SnmpConfig.RATE_LIMIT, config.rateLimit());
        assertEquals(SystemGroup.EMPTY, config.system());
        assertEquals(Optional.empty(), config.engineId());
    }

    @Test
    void toHoconAndBackItMeansTheSame() {
        TextLoader loader = new TextLoader(directory);
        loader.write("k.conf", text("enable_snmp_checker; enable_traps; snmp_socket /run/x", WHOLE));
        Source keepalived = Source.of(directory.resolve("k.conf"));
        loader.write(
                "h.conf",
                Converter.convert(keepalived.parse(new Problems()), ConfigFormat.HOCON)
                        .text());
        Source hocon = Source.of(directory.resolve("h.conf"));
        loader.write(
                "b.conf",
                Converter.convert(hocon.parse(new Problems()), ConfigFormat.KEEPALIVED)
                        .text());
        Loaded loaded = hocon.load();
        assertEquals(ConfigFormat.HOCON, loaded.format());
        assertEquals(List.of(), loaded.problems());
        assertEquals(snmp(keepalived.load()), snmp(loaded));
        assertEquals(
                snmp(keepalived.load()),
                snmp(Source.of(directory.resolve("b.conf")).load()));
    }

    @Test
    void filesOfSecretsAreReferences() {
        Loaded loaded = load("listen 127.0.0.1:1161; user a {; auth sha256 @/a; priv aes128 @/p; }");
        assertEquals(
                List.of("auth /a", "priv /p"),
                loaded.references().stream()
                        .filter(r -> r.kind() == HostReference.Kind.SECRET)
                        .map(r -> r.keyword() + " " + r.name())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate_limit 5 | 2:2: error: 'snmp' requires 'listen', 'agentx' or 'sink', it is off | add: listen"
                        + " udp:127.0.0.1:1161",
                "listen 127.0.0.1:1 | 2:2: error: 'snmp' requires 'community' or 'user', the listen addresses are not"
                        + " opened | add: community NAME [NETWORK/PREFIX]",
                "listen 127.0.0.1; community a | 3:8: error: invalid listen address '127.0.0.1': expected"
                        + " udp:ADDRESS:PORT or tcp:ADDRESS:PORT | such as udp:127.0.0.1:1161 or udp:[::1]:1161",
                "listen 127.0.0.1:1; listen udp:127.0.0.1:1; community a | 4:9: error: duplicate listen address"
                        + " udp:127.0.0.1:1 | remove one of them",
                "listen 192.0.2.1:1; community a | 4:2: error: community without a network: only loopback clients can"
                        + " use it, although the agent listens elsewhere | use: community NAME NETWORK/PREFIX",
                "listen 127.0.0.1:1; listen [::]:1; community a | 5:2: error: community without a network: only"
                        + " loopback clients can use it, although the agent listens elsewhere | use: community NAME",
                "listen 192.0.2.1:1; community a 127.0.0.0/8 | 4:2: error: community with a network of loopback,"
                        + " although the agent does not listen there | use the network of the clients",
                "listen 192.0.2.1:1; community a 0.0.0.0/0 | 4:2: warning: community with prefix length 0: every host"
                        + " may read | use the network of the clients",
                "listen 127.0.0.1:1; community | 4:2: error: 'community' requires a name and at most one network |"
                        + " such as: community public 192.0.2.0/24",
                "agentx unix:x | 3:8: error: invalid agentx 'unix:x': expected unix:PATH, tcp:ADDRESS:PORT or off |"
                        + " such as unix:/var/agentx/master or tcp:127.0.0.1:705",
                "agentx tcp:192.0.2.1:705 | 3:8: error: agentx requires an address of loopback: the protocol has"
                        + " neither authentication nor encryption | use unix:PATH, or add: force",
                "agentx unix:/x force | 3:16: error: unexpected 'force' | expected: agentx"
                        + " unix:PATH|tcp:ADDRESS:PORT [force]|off",
                "sink udp:192.0.2.9:162 user a | 3:29: error: unknown user 'a', the sink is ignored | define it in"
                        + " the block snmp: user a { auth sha256 @FILE }",
                "sink udp:192.0.2.9:162 public | 3:1: error: 'sink' requires an address, and a community or a user |"
                        + " expected: sink udp:HOST:PORT community|user NAME [inform]",
                "sink 192.0.2.9 community public | 3:6: error: invalid sink '192.0.2.9': expected udp:HOST:PORT | such"
                        + " as udp:192.0.2.9:162 or udp:traps.example.net:162",
                "agentx off; write | 4:2: warning: 'write' has no effect: it requires 'agentx', or a user with 'write'"
                        + " | add write to a user with auth and priv",
                "agentx off; engine_id 0x1234 | 4:12: error: invalid engine_id '0x1234': expected 0x and 5 to 32 bytes"
                        + " in hexadecimal digits, neither all 00 nor all ff | ''",
                "agentx off; update_interval 31 | 4:18: error: invalid update_interval '31': expected 0.001 to 30"
                        + " seconds | ''",
            })
    void aProblemHasItsPlaceAndRemedy(String lines, String headline, String hint) {
        assertOneProblem(load(lines.replace("|", "")), headline, hint);
    }

    private static void assertOneProblem(Loaded loaded, String headline, String hint) {
        assertEquals(1, loaded.problems().size(), loaded.problems()::toString);
        ConfigProblem problem = loaded.problems().getFirst();
        assertEquals(headline, TextLoader.headlines(loaded).getFirst(), problem::render);
        assertTrue(problem.hint().startsWith(hint), problem::render);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "auth md5 password ~ 5:7: error: 'auth' does not support 'md5', which is not secure ~ expected one of:"
                        + " sha224 sha256 sha384 sha512",
                "auth SHA1 password ~ 5:7: error: 'auth' does not support 'SHA1', which is not secure ~ expected one"
                        + " of: sha224 sha256 sha384 sha512",
                "auth pass-word sha256 ~ 5:7: error: invalid protocol of 'auth' ~ expected one of: sha224 sha256"
                        + " sha384 sha512",
                "auth sha256 passwor ~ 5:14: error: the password of 'auth' has fewer than 8 characters ~ use a longer"
                        + " one: RFC 3414 requires 8 characters or more",
                "auth sha256 pass word ~ 5:2: error: 'auth' requires a protocol and a secret ~ expected: auth"
                        + " sha224|sha256|sha384|sha512 @FILE|PASSWORD; a password with blanks is one word in quotes",
                "auth sha256 @snmp ~ 5:14: error: 'auth' requires an absolute path after @ ~ such as"
                        + " @/etc/lvsd/snmp.auth",
                "priv aes128 password ~ 5:2: error: 'priv' requires 'auth', user 'u' is ignored ~ add: auth sha256"
                        + " @FILE",
                "auth sha256 password; priv des password ~ 6:7: error: 'priv' does not support 'des', which is not"
                        + " secure ~ expected one of: aes128 aes192 aes256",
                "write ~ 5:2: error: 'write' requires 'auth' and 'priv', user 'u' is ignored ~ add: auth sha256"
                        + " @FILE, and priv aes128 @FILE",
                "auth sha256 password; write ~ 6:2: error: 'write' requires 'auth' and 'priv', user 'u' is ignored ~"
                        + " add: priv aes128 @FILE",
                "network 192.0.2.0/33 ~ 5:10: error: invalid network '192.0.2.0/33': expected a network such as"
                        + " 192.0.2.0/24 ~ ''",
                "view 1..3 ~ 5:7: error: invalid object identifier '1..3': expected a dotted one such as"
                        + " 1.3.6.1.4.1.8225.4711 ~ ''",
            })
    void aUserWithAnErrorIsLeftOut(String lines, String headline, String hint) {
        Loaded loaded = load("listen 127.0.0.1:1; user u {; " + lines + "; }; sink udp:a:1 user u; agentx unix:/x");
        assertOneProblem(loaded, headline, hint.equals("''") ? "" : hint);
        SnmpConfig config = snmp(loaded).orElseThrow();
        assertEquals(List.of(), config.users());
        assertEquals(List.of(), config.sinks(), "the user of the sink was dropped");
        assertEquals(List.of(), config.listen(), "nothing may be read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "listen 192.0.2.1:1; user u {; } ~ 4:7: warning: user 'u' is not authenticated, although other hosts"
                        + " can reach the agent ~ add: auth sha256 @FILE",
                "listen 127.0.0.1:1; user u {; auth sha256 password; priv aes128 password; write; } ~ 4:7: warning:"
                        + " 'write' of user 'u' has no effect without 'write' in 'snmp' ~ add write to the block snmp",
                "listen 127.0.0.1:1; user u {; }; user u {; } ~ 6:7: error: duplicate user 'u', the first one is used ~"
                        + " remove one of them",
                "listen 127.0.0.1:1; community a; user abcdefghijklmnopqrstuvwxyz1234567 {; } ~ 5:7: error: invalid"
                        + " user 'abcdefghijklmnopqrstuvwxyz1234567': expected a name of 1 to 32 bytes ~ ''"
            })
    void problemsOfUsersHaveTheirPlace(String lines, String headline, String hint) {
        assertOneProblem(load(lines), headline, hint.equals("''") ? "" : hint);
    }

    // ---- global_defs

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "enable_snmp_checker                                   | -              | unix:/var/agentx/master"
                        + " false",
                "enable_snmp_checker; enable_traps                     | -              | unix:/var/agentx/master true",
                "enable_snmp_checker; snmp_socket unix:/run/a          | -              | unix:/run/a false",
                "enable_snmp_checker; snmp_socket /run/a               | -              | unix:/run/a false",
                "enable_snmp_checker; snmp_socket tcp:127.0.0.1:705    | -              | tcp:127.0.0.1:705 false",
                "enable_snmp_checker; snmp_socket tcp:localhost:705    | -              | tcp:127.0.0.1:705 false",
                "enable_snmp_checker; snmp_socket udp:127.0.0.1:705    | -              | -",
                "enable_snmp_checker off                               | -              | -",
                "snmp_socket /run/a; enable_traps                      | -              | -",
                "enable_snmp_keepalived                                | -              | -",
                "enable_snmp_checker; enable_traps                     | agentx unix:/b | unix:/b true",
                "enable_snmp_checker                                   | agentx off     | -",
                "enable_snmp_checker                                   | agentx x       | -",
                "enable_snmp_checker; snmp_socket /run/a               | rate_limit 3   | unix:/run/a false",
                "enable_traps                                          | agentx unix:/b | unix:/b true"
            })
    void theCheckerOfKeepalivedIsASubagentUnlessTheBlockDecides(
            String global, @Nullable String lines, @Nullable String agentx) {
        Loaded loaded = lines == null
                ? new TextLoader(directory).load("global_defs {\n" + global.replace(";", "\n") + "\n}\n")
                : load(global, lines);
        assertEquals(
                Optional.ofNullable(agentx),
                snmp(loaded).flatMap(SnmpConfig::agentx).map(SnmpBlockTest::text));
        assertTrue(
                loaded.problems().stream().noneMatch(p -> p.text().contains("not supported")),
                loaded.problems()::toString);
    }

    private static String text(Agentx agentx) {
        String socket = switch (agentx.socket()) {
            case Socket.Unix(var path) -> "unix:" + path;
            case Socket.Tcp(var address, int port) -> "tcp:" + IpAddresses.text(address, port);
        };
        return socket + " " + agentx.notifications();
    }

    @Test
    void aFileThatKeepalivedUsesTooHasTheSubagent() {
        Loaded loaded = new TextLoader(directory)
                .load("global_defs {\n enable_snmp_checker\n enable_snmp_vrrp\n}\nvrrp_instance a {\n}\n");
        assertTrue(snmp(loaded).flatMap(SnmpConfig::agentx).isPresent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "enable_snmp_checker; snmp_socket udp:127.0.0.1:705 | 4:14: error: invalid snmp_socket"
                        + " 'udp:127.0.0.1:705': expected unix:PATH, /PATH or tcp:ADDRESS:PORT | such as"
                        + " unix:/var/agentx/master or tcp:127.0.0.1:705",
                "enable_snmp_checker; snmp_socket tcp:host:705 | 4:14: error: invalid snmp_socket 'tcp:host:705':"
                        + " expected unix:PATH, /PATH or tcp:ADDRESS:PORT | such as unix:/var/agentx/master",
                "enable_snmp_checker; snmp_socket tcp:192.0.2.1:705 | 4:14: warning: snmp_socket is not an address of"
                        + " loopback: AgentX has neither authentication nor encryption | use unix:PATH"
            })
    void aProblemOfTheSocketHasItsPlace(String global, String headline, String hint) {
        Loaded loaded =
                new TextLoader(directory).load("global_defs {\n # comment\n" + global.replace("; ", "\n ") + "\n}\n");
        assertOneProblem(loaded, headline, hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                                                                    | PT5S",
                "snmp_vs_stats_update_interval 10                                     | PT10S",
                "snmp_rs_stats_update_interval 0.5                                    | PT0.5S",
                "snmp_vs_stats_update_interval 3; snmp_rs_stats_update_interval 2     | PT2S",
                "snmp_vs_stats_update_interval 3; snmp_rs_stats_update_interval 4     | PT3S"
            })
    void theSmallerIntervalApplies(@Nullable String global, Duration expected) {
        String settings = global == null ? "" : global;
        assertEquals(
                expected, snmp(load(settings, "agentx unix:/x")).orElseThrow().interval());
        assertEquals(
                Duration.ofSeconds(30),
                snmp(load(settings, "agentx unix:/x; update_interval 30"))
                        .orElseThrow()
                        .interval());
    }

    @Test
    void hoconHasTheSameKeys() {
        Loaded loaded = new TextLoader(directory).load("""
            lvsd.snmp.agentx = off
            lvsd.snmp { listen = "127.0.0.1:1161", community { public = "127.0.0.0/8" } }
            global_defs { enable_snmp_checker = on, snmp_rs_stats_update_interval = 2s }
            """);
        assertEquals(List.of(), loaded.problems());
        SnmpConfig config = snmp(loaded).orElseThrow();
        assertEquals(Optional.empty(), config.agentx());
        assertEquals(Duration.ofSeconds(2), config.interval());
    }

    @Test
    void secretsAreNotInTheTextOfRecords() {
        Loaded loaded = load("listen 127.0.0.1:1; user u {; auth sha256 hush-hush; }; sink udp:a:1 community hush");
        assertFalse(snmp(loaded).orElseThrow().toString().contains("hush"));
    }
}
