package io.lvsd.checkers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.UdpCheck;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Probes over datagrams against local servers. */
final class DatagramProbesTest {
    private static final Probes PROBER = new Probes(1, _ -> {});
    private static final InetAddress LOOPBACK = IpAddresses.ofBytes(new byte[] {127, 0, 0, 1});
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String ASKED = "questions";

    @AfterAll
    static void close() {
        PROBER.close();
    }

    private static ProbeResult probe(CheckSpec.Remote question) throws Exception {
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        PROBER.probe(List.of(new Prober.Start(ProbeKey.of(question), report::complete)));
        return report.get(30, TimeUnit.SECONDS).result();
    }

    private static UdpCheck udp(InetAddress address, int port, Duration deadline, Optional<String> reply, int min) {
        ProbeAddress where = new ProbeAddress(address, port, Optional.empty(), 0, "", 0, deadline);
        String payload = HexFormat.of().formatHex(ASKED.getBytes(StandardCharsets.US_ASCII));
        return new UdpCheck(where, payload, reply, min, 65_535);
    }

    /** A server that answers each check with these datagrams. */
    private static ProbeResult against(List<byte[]> answers, Duration deadline, Optional<String> reply, int min)
            throws Exception {
        return against(LOOPBACK, answers, deadline, reply, min);
    }

    private static ProbeResult against(
            InetAddress address, List<byte[]> answers, Duration deadline, Optional<String> reply, int min)
            throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, address)) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    DatagramPacket question = new DatagramPacket(new byte[100], 100);
                    server.receive(question);
                    String received =
                            new String(question.getData(), 0, question.getLength(), StandardCharsets.US_ASCII);
                    for (byte[] answer : received.equals(ASKED) ? answers : List.<byte[]>of()) {
                        server.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
                    }
                } catch (IOException _) {
                    // The test is over.
                }
            });
            return probe(udp(address, server.getLocalPort(), deadline, reply, min));
        }
    }

    @Test
    void anEmptyDatagramIsAReply() throws Exception {
        assertEquals(Passed.plain(), against(List.of(new byte[0]), LONG, Optional.of(""), 0));
        assertEquals(Passed.plain(), against(List.of(new byte[0]), LONG, Optional.of("ff"), 0), "as in keepalived");
    }

    @Test
    void anEmptyDatagramIsTooShortIfALengthIsConfigured() throws Exception {
        assertEquals(
                Failed.mismatch(Reason.ANSWER, "a reply of 1 to 65535 bytes", "0 bytes"),
                against(List.of(new byte[0], new byte[1]), LONG, Optional.of(""), 1),
                "the first datagram decides");
    }

    @Test
    void noDatagramIsNoReply() throws Exception {
        assertEquals(
                new Failed(Reason.RESPONSE_TIMEOUT, "no data within 400 ms"),
                against(List.of(), SHORT, Optional.of(""), 0));
        assertEquals(Passed.plain(), against(List.of(), SHORT, Optional.empty(), 0), "no reply is expected");
    }

    @Test
    void aDatagramOfAnyLengthArrivesWhole() throws Exception {
        byte[] long1 = new byte[60_000];
        assertEquals(Passed.plain(), against(List.of(long1), LONG, Optional.of("00".repeat(60_000)), 60_000));
        assertEquals(
                Failed.mismatch(Reason.ANSWER, "a reply of 60001 to 65535 bytes", "60000 bytes"),
                against(List.of(long1), LONG, Optional.of(""), 60_001));
    }

    @Test
    void aClosedPortIsRefusedWhetherAnAnswerIsWantedOrNot() throws Exception {
        int port;
        try (DatagramSocket server = new DatagramSocket(0, LOOPBACK)) {
            port = server.getLocalPort();
        }
        for (Optional<String> reply : List.of(Optional.of(""), Optional.<String>empty())) {
            assertEquals(
                    new Failed(Reason.CONNECT_REFUSED, "Connection refused"),
                    probe(udp(LOOPBACK, port, LONG, reply, 0)));
        }
    }

    @Test
    void anAddressOfIpv6IsProbed() throws Exception {
        InetAddress six = IpAddresses.ofBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        assumeTrue(NetworkInterface.getByInetAddress(six) != null, "this host has no ::1");
        assertEquals(Passed.plain(), against(six, List.of(new byte[0]), LONG, Optional.of(""), 0));
    }

    @Test
    void anAddressThatThisHostLacksIsNoEvidenceAgainstTheServer() throws Exception {
        InetAddress foreign = IpAddresses.ofBytes(new byte[] {(byte) 192, 0, 2, 77});
        ProbeAddress where = new ProbeAddress(LOOPBACK, 9, Optional.of(foreign), 0, "", 0, LONG);
        ProbeResult outcome = probe(new UdpCheck(where, "00", Optional.of(""), 0, 255));
        assertTrue(outcome instanceof Inconclusive, outcome::toString);
    }
}
