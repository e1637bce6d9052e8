package io.lvsd.conf.model;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the built-in sorry server sends to the clients of a virtual server.
 *
 * @param page for every host without a page of its own
 * @param hosts pages by the name of the host, in lower case
 * @param certificates for TLS on the same ports; empty: TLS is not accepted
 * @param banner instead of HTTP
 * @param ports of the page for services without a port
 */
public record SorryPageConfig(
        Page page,
        Map<String, Page> hosts,
        List<Certificate> certificates,
        Optional<Banner> banner,
        List<Integer> ports) {
    public static final SorryPageConfig DEFAULT =
            new SorryPageConfig(Page.DEFAULT, Map.of(), List.of(), Optional.empty(), List.of(80, 443));

    public SorryPageConfig {
        hosts = Map.copyOf(hosts);
        certificates = List.copyOf(certificates);
        ports = List.copyOf(ports);
    }

    /**
     * A page.
     *
     * @param root directory with 404.html and what it needs; empty: the page that is built in
     * @param retryAfterSeconds 0: without the header
     * @param title empty: none
     * @param message empty: a standard text
     * @param until when the service is expected again
     */
    public record Page(
            Optional<Path> root,
            int status,
            String reason,
            long retryAfterSeconds,
            String title,
            String message,
            Optional<Instant> until) {
        public static final Page DEFAULT =
                new Page(Optional.empty(), 502, "Service temporarily down", 30, "", "", Optional.empty());
    }

    /** Files of a certificate with its chain, and of its private key, PEM. */
    public record Certificate(Path certificate, Path key) {}

    /** What a client gets that does not use HTTP. */
    public sealed interface Banner {
        /** A line, then the connection is closed. */
        record Text(String line) implements Banner {}

        /** The connection is reset. */
        record Reset() implements Banner {}
    }

    /** The same with other ports. */
    public SorryPageConfig withPorts(List<Integer> others) {
        return new SorryPageConfig(page, hosts, certificates, banner, others);
    }
}
