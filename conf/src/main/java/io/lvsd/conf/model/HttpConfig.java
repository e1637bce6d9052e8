package io.lvsd.conf.model;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The HTTP endpoint. An address that is not of loopback has tokens and TLS.
 *
 * @param listen addresses and ports, one or more
 * @param hosts further names of the endpoint, in lower case
 * @param tokenFile tokens of clients
 * @param tls for addresses that are not of loopback
 */
public record HttpConfig(
        List<InetSocketAddress> listen, List<String> hosts, Optional<Path> tokenFile, Optional<ServerTls> tls) {
    public HttpConfig {
        listen = List.copyOf(listen);
        hosts = List.copyOf(hosts);
    }

    /**
     * What the endpoint presents to clients.
     *
     * @param certificate file with the certificate and its chain, PEM
     * @param key file with the private key, PEM; may be the same file
     */
    public record ServerTls(Path certificate, Path key) {}

    /** On one address, without tokens and TLS. */
    public static HttpConfig of(InetAddress address, int port) {
        return new HttpConfig(
                List.of(new InetSocketAddress(address, port)), List.of(), Optional.empty(), Optional.empty());
    }
}
