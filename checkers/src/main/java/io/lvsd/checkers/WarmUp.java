package io.lvsd.checkers;

import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.value.ProbeAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Probes on loopback that load code, so that the first real probes are not delayed by that. */
final class WarmUp {
    private static final byte[] RESPONSE = "HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private WarmUp() {}

    /** Makes one probe of each of the most common kinds and waits for them; their results do not matter. */
    static void run(Prober prober) {
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            CountDownLatch done = new CountDownLatch(2);
            prober.probe(starts(server, done));
            for (int i = 0; i < 2; i++) {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write(RESPONSE);
                    client.shutdownOutput();
                }
            }
            boolean _ = done.await(1, TimeUnit.SECONDS);
        } catch (IOException _) {
            // The first real probes take longer.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Prober.Start> starts(ServerSocket server, CountDownLatch done) {
        ProbeAddress target = new ProbeAddress(
                server.getInetAddress(), server.getLocalPort(), Optional.empty(), 0, "", 0, Duration.ofSeconds(30));
        Url url = new Url("/", "localhost", List.of(), Optional.empty());
        HttpCheck http = new HttpCheck(target, Optional.empty(), HttpVersion.V1_0, false, List.of(url));
        return List.of(
                new Prober.Start(ProbeKey.of(new TcpCheck(target)), _ -> done.countDown()),
                new Prober.Start(ProbeKey.of(http), _ -> done.countDown()));
    }
}
