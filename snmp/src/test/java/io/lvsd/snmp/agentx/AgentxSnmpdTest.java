package io.lvsd.snmp.agentx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.snmp.SnmpObserver.Delivery;
import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.Node;
import io.lvsd.snmp.mib.SampleTree;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snmp4j.smi.OID;

/** The subagent with snmpd of net-snmp as master, and its commands as clients. */
@Timeout(300)
final class AgentxSnmpdTest {
    private static final String BASE = ".1.3.6.1.4.1.99999";
    private static final int ROWS = 20;
    private static final int REFUSED = 666;
    private static final int ATTEMPTS = 60;

    private final FakeObserver observer = new FakeObserver();
    private final Weights source = new Weights();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Process snmpd;

    @SuppressWarnings("NullAway.Init")
    private AgentxSession session;

    private int port;

    /** A new tree for each request, and weights that can be set, other than to {@link #REFUSED}. */
    private static final class Weights implements SnmpSource {
        private final AtomicInteger number = new AtomicInteger();
        private final Map<Node.Weight, Integer> weights = new ConcurrentHashMap<>();

        @Override
        public CompletableFuture<Optional<MibTree>> tree() {
            return CompletableFuture.completedFuture(Optional.of(SampleTree.of(
                    number.incrementAndGet(), ROWS, row -> weights.getOrDefault(SampleTree.server(row), 1))));
        }

        @Override
        public CompletableFuture<Optional<Undo>> setWeight(
                VsId virtualServer, RsId realServer, long weight, String user) {
            if (weight == REFUSED) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            Node.Weight server = new Node.Weight(virtualServer, realServer);
            Integer former = weights.put(server, (int) weight);
            return CompletableFuture.completedFuture(Optional.of(() -> {
                weights.put(server, former == null ? 1 : former);
                return CompletableFuture.completedFuture(true);
            }));
        }
    }

    /** The output of a command, and of its errors. */
    private record Output(int status, String text) {
        long count(String part) {
            return text.lines().filter(l -> l.contains(part)).count();
        }
    }

    @BeforeEach
    void start() throws Exception {
        boolean installed =
                run("sh", "-c", "command -v snmpd && command -v snmpwalk").status() == 0;
        if (!installed) {
            String need = "AgentxSnmpdTest needs net-snmp: apt-get install snmpd snmp";
            if ("required".equals(System.getProperty("lab"))) {
                fail(need);
            }
            System.err.println("WARNING: SKIPPED: " + need);
        }
        Assumptions.assumeTrue(installed, "no snmpd");
        try (DatagramSocket free =
                new DatagramSocket(new InetSocketAddress(IpAddresses.ofBytes(new byte[] {127, 0, 0, 1}), 0))) {
            port = free.getLocalPort();
        }
        Path socket = directory.resolve("master");
        Files.writeString(directory.resolve("master.conf"), """
            agentAddress udp:127.0.0.1:%d
            master agentx
            agentXSocket unix:%s
            rocommunity public 127.0.0.1
            rwcommunity private 127.0.0.1
            """.formatted(port, socket));
        startSnmpd();
        session = AgentxSession.start(
                new SnmpConfig.Agentx(new SnmpConfig.Socket.Unix(socket), true),
                true,
                List.of(SampleTree.FIRST, SampleTree.SECOND),
                source,
                observer,
                "lvsd test");
        awaitServed();
    }

    private void startSnmpd() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "snmpd",
                        "-f",
                        "-C",
                        "-c",
                        directory.resolve("master.conf").toString(),
                        "-Lf",
                        directory.resolve("snmpd.log").toString(),
                        "-I",
                        "-smux")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("MIBS", "");
        builder.environment()
                .put("SNMP_PERSISTENT_DIR", directory.resolve("state").toString());
        snmpd = builder.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (session != null) {
            session.close();
        }
        if (snmpd != null) {
            stopSnmpd();
        }
    }

    private void stopSnmpd() throws InterruptedException {
        snmpd.destroyForcibly();
        assertTrue(snmpd.waitFor(60, TimeUnit.SECONDS));
    }

    private static Output run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MIBS", "");
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), text);
    }

    private Output snmp(String command, String version, String community, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(
                List.of(command, version, "-c", community, "-On", "-t", "5", "-r", "3", "127.0.0.1:" + port));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    /** Until snmpd has a value of the second subtree, which is registered after the first one. */
    private void awaitServed() throws Exception {
        for (int i = 0; i < ATTEMPTS; i++) {
            Output value = run(
                    "snmpget",
                    "-v2c",
                    "-c",
                    "public",
                    "-On",
                    "-t",
                    "1",
                    "-r",
                    "0",
                    "127.0.0.1:" + port,
                    BASE + ".2.1.0");
            if (value.count("INTEGER") == 1) {
                return;
            }
            Thread.sleep(250);
        }
        fail(Files.readString(directory.resolve("snmpd.log")));
    }

    private static void assertOneTree(Output walk) {
        List<String> numbers = walk.text()
                .lines()
                .filter(l -> l.contains(BASE + ".1.2.1.2.")
                        || l.startsWith(BASE + ".1.1.0 ")
                        || l.startsWith(BASE + ".2.1.0 "))
                .map(l -> l.substring(l.lastIndexOf(' ')))
                .toList();
        assertEquals(ROWS + 2, numbers.size());
        assertEquals(1, numbers.stream().collect(Collectors.toSet()).size(), numbers::toString);
    }

    @Test
    void snmpdServesWalksFromOneTree() throws Exception {
        int without64 = 2 + 5 * ROWS + ROWS / 2;
        Output v1 = snmp("snmpwalk", "-v1", "public", BASE);
        assertEquals(without64, v1.count(BASE), "SNMPv1 has no Counter64");
        Output v2 = snmp("snmpwalk", "-v2c", "public", BASE);
        assertEquals(without64 + ROWS, v2.count(BASE));
        assertEquals(ROWS, v2.count("Counter64"));
        assertEquals(ROWS / 2, v2.count("IpAddress: 10.0.0."));
        Output bulk = snmp("snmpbulkwalk", "-v2c", "public", BASE);
        assertEquals(without64 + ROWS, bulk.count(BASE));
        for (Output walk : List.of(v1, v2, bulk)) {
            assertOneTree(walk);
        }
    }

    @Test
    void snmpdServesValuesAndTheirAbsence() throws Exception {
        Output values = snmp(
                "snmpget",
                "-v2c",
                "public",
                BASE + ".1.2.1.1.3",
                BASE + ".1.2.1.6.2",
                BASE + ".1.9.0",
                BASE + ".2.1.0");
        assertEquals(1, values.count(".1.2.1.1.3 = STRING: \"row 3\""), values::text);
        assertEquals(1, values.count(".1.2.1.6.2 = No Such Instance"), values::text);
        assertEquals(1, values.count(".1.9.0 = No Such Object"), values::text);
    }

    @Test
    void weightsAreSetThroughSnmpd() throws Exception {
        String first = BASE + ".1.2.1.7.1";
        String second = BASE + ".1.2.1.7.2";
        assertEquals(
                0,
                snmp("snmpset", "-v2c", "private", first, "i", "5", second, "i", "0")
                        .status());
        Output refused = snmp("snmpset", "-v2c", "private", first, "i", "7", second, "i", "" + REFUSED);
        assertEquals(1, refused.count("commitFailed"), refused::text);
        Output weights = snmp("snmpget", "-v2c", "public", first, second);
        assertEquals(1, weights.count(first + " = INTEGER: 5"), weights::text);
        assertEquals(1, weights.count(second + " = INTEGER: 0"), weights::text);
        assertEquals(1, snmp("snmpset", "-v2c", "private", first, "u", "1").count("wrongType"));
        assertEquals(1, snmp("snmpset", "-v2c", "private", first, "i", "-1").count("wrongValue"));
        assertEquals(
                1, snmp("snmpset", "-v2c", "private", BASE + ".1.1.0", "i", "1").count("notWritable"));
    }

    @Test
    void snmpdAcceptsNotificationsAndMayBeRestarted() throws Exception {
        session.notify(new OID("1.3.6.1.4.1.99999.0.1"), List.of());
        observer.await(Delivery.SENT, 1);
        stopSnmpd();
        startSnmpd();
        awaitServed();
        session.notify(new OID("1.3.6.1.4.1.99999.0.1"), List.of());
        observer.await(Delivery.SENT, 2);
    }
}
