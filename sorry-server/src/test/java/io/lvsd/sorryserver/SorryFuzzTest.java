package io.lvsd.sorryserver;

import static io.lvsd.sorryserver.Fixture.exchange;
import static io.lvsd.sorryserver.Fixture.page;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.sorryserver.setup.PageSetup;
import io.lvsd.sorryserver.setup.TlsIdentity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged requests of HTTP/1, HTTP/2 and TLS: none is logged, leaks a buffer or ends the server. {@code -Dsorry.fuzz=N} sets the
 * number of connections, {@code -Dseed=N} repeats them.
 */
@Timeout(3_600)
final class SorryFuzzTest {
    private static final int CONNECTIONS = Integer.getInteger("sorry.fuzz", 3_000);
    private static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "HEAD /a.css HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\nIf-None-Match: \"a\"\r\n\r\n",
            "GET /a.css HTTP/1.0\r\nConnection: keep-alive\r\nAccept: application/json;q=0.5, */*;q=0.1\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
            "PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: t\r\n\r\n",
            "GET /%61.css?x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    /** A GET request for / of http://x in HPACK (RFC 7541), without the dynamic table. */
    private static final byte[] HEADERS = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x01, 1, 'x'};
    /** The first message of a TLS 1.2 client. */
    private static final byte[] CLIENT_HELLO =
            Base64.getMimeDecoder().decode("FgMBAC8BAAArAwMAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHwAABMAvAP8BAA==");

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    @AfterEach
    void restore() {
        ResourceLeakDetector.setLevel(Level.SIMPLE);
    }

    @Test
    void damagedInputHasNoEffect(@TempDir Path directory) throws Exception {
        ResourceLeakDetector.setLevel(Level.PARANOID);
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + "\n" + records));
        Files.writeString(directory.resolve("404.html"), "x".repeat(100_000));
        Files.writeString(directory.resolve("a.css"), "css");
        Path certificate = directory.resolveSibling("fuzz.pem");
        Certificates.write(certificate, "x", "dns:x");
        CapturedLog.take();
        try (Fixture fixture = new Fixture(SorryLimits.of(200, 200, 1_000_000))) {
            InetSocketAddress address = fixture.serve(page(
                    new PageSetup(Optional.of(directory), 502, "Down", 30, "", "", Optional.empty()),
                    new TlsIdentity(certificate, certificate)));
            for (int i = 0; i < CONNECTIONS; i++) {
                fuzz(address);
            }
            assertTrue(exchange(address, "GET / HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 502 Down"), "seed " + seed);
            waitUntilClosed(fixture);
        }
        for (int i = 0; i < 5; i++) {
            // A leak is found when the buffer was collected, and reported with the next one that is created.
            System.gc();
            PooledByteBufAllocator.DEFAULT.buffer().release();
            ByteBufAllocator.DEFAULT.buffer().release();
            Thread.sleep(100);
        }
        assertEquals(List.of(), CapturedLog.take(), "seed " + seed);
        assertEquals(List.of(), List.copyOf(leaks), "seed " + seed);
    }

    private static void waitUntilClosed(Fixture fixture) throws InterruptedException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (fixture.counters().open() > 0 && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertEquals(0, fixture.counters().open());
    }

    private void fuzz(InetSocketAddress address) throws IOException {
        byte[] input = input();
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            client.setSoTimeout(5);
            client.setTcpNoDelay(true);
            int at = 0;
            while (at < input.length) {
                int count = random.nextInt(4) == 0 ? 1 + random.nextInt(input.length - at) : input.length - at;
                client.getOutputStream().write(input, at, count);
                at += count;
            }
            if (random.nextInt(3) == 0) {
                client.shutdownOutput();
            }
            if (random.nextInt(2) == 0) {
                client.getInputStream().readNBytes(random.nextInt(200_000));
            }
            if (random.nextInt(4) == 0) {
                client.setSoLinger(true, 0);
            }
        } catch (IOException _) {
            // The server closed or reset the connection, or had nothing to send.
        }
    }

    private byte[] input() throws IOException {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        switch (random.nextInt(5)) {
            case 0 -> random.ints(random.nextInt(300), 0, 256).forEach(input::write);
            case 1 -> {
                input.write(PREFACE);
                for (int i = random.nextInt(20); i >= 0; i--) {
                    input.write(frame());
                }
            }
            case 2 -> {
                input.write(CLIENT_HELLO);
                random.ints(random.nextInt(100), 0, 256).forEach(input::write);
            }
            default -> {
                for (int i = random.nextInt(6); i >= 0; i--) {
                    input.write(REQUESTS.get(random.nextInt(REQUESTS.size())).getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        }
        return damaged(input.toByteArray());
    }

    /** A frame of HTTP/2 (RFC 9113, section 4.1), mostly valid. */
    private byte[] frame() {
        int type = random.nextInt(11);
        byte[] payload = new byte[random.nextInt(40)];
        if (random.nextBoolean()) {
            random.nextBytes(payload);
        }
        payload = random.nextBoolean() && type == 1 ? HEADERS : payload;
        byte[] frame = new byte[9 + payload.length];
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) (random.nextBoolean() ? 5 : random.nextInt(256));
        frame[8] = (byte) (type == 4 || type == 6 ? 0 : random.nextInt(8));
        System.arraycopy(payload, 0, frame, 9, payload.length);
        return frame;
    }

    private byte[] damaged(byte[] input) {
        byte[] bytes = input.clone();
        for (int i = random.nextInt(4); i > 0 && bytes.length > 1; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes = Arrays.copyOf(bytes, at + 1);
                case 2 -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + at);
                    System.arraycopy(bytes, 0, longer, bytes.length, at);
                    bytes = longer;
                }
                default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return bytes;
    }
}
