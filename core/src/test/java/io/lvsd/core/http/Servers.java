package io.lvsd.core.http;

import io.lvsd.conf.model.HttpConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

/** Servers of tests, on loopback. */
public final class Servers {
    private Servers() {}

    public static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
    }

    public static HttpLimits limits(int connections) {
        return new HttpLimits(
                connections,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                Duration.ofMinutes(1),
                1 << 16,
                1 << 20,
                100_000);
    }

    /** Listens without tokens. */
    public static HttpServer start(InetSocketAddress address, List<Route> routes, HttpLimits limits)
            throws IOException {
        HttpServer server = new HttpServer(
                HttpConfig.of(address.getAddress(), address.getPort()),
                new Router(routes),
                limits,
                RequestObserver.NONE);
        server.listen(address);
        return server;
    }
}
