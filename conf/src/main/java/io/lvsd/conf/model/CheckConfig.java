package io.lvsd.conf.model;

import io.lvsd.conf.keyword.Types.StatusRange;
import java.util.List;
import java.util.Optional;

/** One check of one real server. */
public sealed interface CheckConfig {
    ProbeAddress where();

    Timing timing();

    /** Whether it starts down until it has passed once. */
    boolean alpha();

    boolean logAllFailures();

    /**
     * What makes it the same check after a reload: everything but its timing (and alpha and logging). Two checks with equal
     * identities ask the same question.
     */
    Object identity();

    /** TCP_CHECK, HTTP_GET, SSL_GET: the keyword that made it. */
    String kind();

    /** A connection that is established. */
    record Tcp(ProbeAddress where, Timing timing, boolean alpha, boolean logAllFailures) implements CheckConfig {
        private record TcpIdentity(ProbeAddress where) {}

        @Override
        public Object identity() {
            return new TcpIdentity(where);
        }

        @Override
        public String kind() {
            return "TCP_CHECK";
        }
    }

    /** HTTP_GET or SSL_GET: urls walked one per run. */
    record Http(
            ProbeAddress where,
            Timing timing,
            boolean alpha,
            boolean logAllFailures,
            boolean tls,
            HttpVersion version,
            Optional<String> serverName,
            boolean fastRecovery,
            List<Url> urls)
            implements CheckConfig {
        public Http {
            urls = List.copyOf(urls);
        }

        private record HttpIdentity(
                ProbeAddress where, boolean tls, HttpVersion version, Optional<String> serverName, List<Url> urls) {}

        @Override
        public Object identity() {
            return new HttpIdentity(where, tls, version, serverName, urls);
        }

        @Override
        public String kind() {
            return tls ? "SSL_GET" : "HTTP_GET";
        }
    }

    /**
     * One request and what its answer must be.
     *
     * @param host value of the Host header
     * @param digest MD5 of the body in lower-case hex
     */
    record Url(String path, String host, List<StatusRange> statusCodes, Optional<String> digest) {
        public Url {
            statusCodes = List.copyOf(statusCodes);
        }
    }

    /** What the request line and the Connection header say. */
    enum HttpVersion {
        /** HTTP/1.0. */
        V1_0,
        /** HTTP/1.0 with {@code Connection: close}. */
        V1_0_CLOSE,
        /** HTTP/1.1 with {@code Connection: close}. */
        V1_1
    }
}
