package io.lvsd.sorryserver.setup;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** What the clients of a listener get. */
public sealed interface Content {
    /**
     * HTTP over TCP, with or without TLS on the same port: the first byte of a client decides.
     *
     * @param page for every host without a page of its own
     * @param hosts pages by the name in Host or :authority, in lower case, without port
     * @param certificates empty: a client that starts with TLS is closed
     */
    record Page(PageSetup page, Map<String, PageSetup> hosts, List<TlsIdentity> certificates, Bypass bypass)
            implements Content {
        public Page {
            hosts = Map.copyOf(hosts);
            certificates = List.copyOf(certificates);
        }
    }

    /** Each TCP connection is relayed to a web server on this host. */
    record Relay(InetSocketAddress target) implements Content {}

    /** A line of text, sent at once, then the TCP connection is closed; for protocols in which the server speaks first. */
    record Banner(String text) implements Content {}

    /** TCP connections are reset. */
    record Reset() implements Content {}

    /** DNS over UDP: each query gets SERVFAIL (RFC 1035, section 4.1.1); what is not a query gets nothing. */
    record DnsFailure() implements Content {}
}
