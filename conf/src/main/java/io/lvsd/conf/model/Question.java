package io.lvsd.conf.model;

import io.lvsd.conf.keyword.Types.StatusRange;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a check wants to know. Two checks with equal questions ask the same. */
public sealed interface Question {
    /** The keyword that made it. */
    String kind();

    /** What is asked again and again. */
    sealed interface Probed extends Question {}

    /** What is asked over the network. */
    sealed interface Remote extends Probed {
        ProbeAddress where();

        /** The same question to another address, or from one. */
        Remote at(ProbeAddress other);
    }

    /** Whether a TCP connection is established. */
    record Tcp(ProbeAddress where) implements Remote {
        @Override
        public int hashCode() {
            return where.hashCode();
        }

        @Override
        public String kind() {
            return "TCP_CHECK";
        }

        @Override
        public Tcp at(ProbeAddress other) {
            return new Tcp(other);
        }
    }

    /**
     * HTTP_GET or SSL_GET: urls, one of which is asked for in each run.
     *
     * @param tls empty: plain
     * @param fastRecovery no delay between the urls while it comes back
     */
    record Http(ProbeAddress where, Optional<Tls> tls, HttpVersion version, boolean fastRecovery, List<Url> urls)
            implements Remote {
        public Http {
            urls = List.copyOf(urls);
        }

        /** Of the target alone: it is asked for at each probe, and few ask one server two things. */
        @Override
        public int hashCode() {
            return where.hashCode();
        }

        @Override
        public String kind() {
            return tls.isPresent() ? "SSL_GET" : "HTTP_GET";
        }

        @Override
        public Http at(ProbeAddress other) {
            return new Http(other, tls, version, fastRecovery, urls);
        }
    }

    /** A mail server greets and answers HELO. */
    record Smtp(ProbeAddress where, String heloName) implements Remote {
        @Override
        public String kind() {
            return "SMTP_CHECK";
        }

        @Override
        public Smtp at(ProbeAddress other) {
            return new Smtp(other, heloName);
        }
    }

    /**
     * A name server answers a query.
     *
     * @param type in capitals
     * @param name without the dot at its end; empty: the root
     */
    record Dns(ProbeAddress where, String type, String name) implements Remote {
        @Override
        public String kind() {
            return "DNS_CHECK";
        }

        @Override
        public Dns at(ProbeAddress other) {
            return new Dns(other, type, name);
        }
    }

    /**
     * A datagram is answered or, if no answer is wanted, not refused.
     *
     * @param payload in hexadecimal
     * @param reply how an answer must begin, in hexadecimal with {@code x} for any digit; the empty string for any answer;
     *     empty: none is wanted
     * @param minLength of the answer, in bytes
     * @param maxLength of the answer, in bytes
     */
    record Udp(ProbeAddress where, String payload, Optional<String> reply, int minLength, int maxLength)
            implements Remote {
        @Override
        public String kind() {
            return "UDP_CHECK";
        }

        @Override
        public Udp at(ProbeAddress other) {
            return new Udp(other, payload, reply, minLength, maxLength);
        }
    }

    /** An ICMP echo request is answered. The port of {@code where} is 0. */
    record Ping(ProbeAddress where) implements Remote {
        @Override
        public String kind() {
            return "PING_CHECK";
        }

        @Override
        public Ping at(ProbeAddress other) {
            return new Ping(other);
        }
    }

    /**
     * grpc.health.v1: the service is SERVING.
     *
     * @param tls empty: h2c
     * @param service empty string: the server as a whole
     */
    record Grpc(ProbeAddress where, Optional<Tls> tls, String service) implements Remote {
        @Override
        public String kind() {
            return "GRPC_CHECK";
        }

        @Override
        public Grpc at(ProbeAddress other) {
            return new Grpc(other, tls, service);
        }
    }

    /**
     * A server of a well-known kind says that it is well.
     *
     * @param tls from the first byte on; empty: plain
     * @param user empty: a name that nobody has
     * @param secret of RADIUS
     */
    record Service(
            ProbeAddress where,
            ServiceType type,
            Optional<Tls> tls,
            Optional<String> user,
            Optional<String> database,
            Optional<String> secret)
            implements Remote {
        @Override
        public String kind() {
            return "SERVICE_CHECK";
        }

        @Override
        public Service at(ProbeAddress other) {
            return new Service(other, type, tls, user, database, secret);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Service[where=" + where + ", type=" + type + ", tls=" + tls + ", user=" + user + ", database="
                    + database + ", secret=" + secret.map(String::hashCode) + "]";
        }
    }

    /**
     * The server's agent says what weight it wants: the text protocol of HAProxy's agent-check. A silent agent counts for
     * nothing.
     *
     * @param send what is sent first; empty string for nothing
     */
    record Agent(ProbeAddress where, String send) implements Remote {
        @Override
        public String kind() {
            return "agent";
        }

        @Override
        public Agent at(ProbeAddress other) {
            return new Agent(other, send);
        }
    }

    /**
     * A program of the user's ends with status 0.
     *
     * @param argv the program and its arguments
     * @param timeout after which it is ended
     * @param dynamic whether status 2 to 255 is a pass that says a weight
     */
    record Misc(List<String> argv, Duration timeout, boolean dynamic, Optional<RunAs> user) implements Probed {
        public Misc {
            argv = List.copyOf(argv);
        }

        @Override
        public String kind() {
            return "MISC_CHECK";
        }
    }

    /**
     * The number in a file says up, down or a weight.
     *
     * @param weight factor of the number; 0: any number but 0 is down
     */
    record File(TrackFile file, long weight, boolean reverse) implements Question {
        @Override
        public String kind() {
            return "FILE_CHECK";
        }
    }

    /**
     * A check that was configured and cannot be made because of an error: it never runs, and so it never passes.
     *
     * @param kind the keyword as it was written
     * @param reason the error, with its place
     */
    record Unusable(String kind, String reason) implements Question {}

    /** A BFD session is up. */
    record Bfd(BfdInstance instance) implements Question {
        @Override
        public String kind() {
            return "BFD_CHECK";
        }
    }

    /**
     * One request and what its answer must be.
     *
     * @param host value of the Host header
     * @param method GET, HEAD, …
     * @param headers whole lines, {@code Name: value}
     * @param body of the request
     * @param compressed whether a compressed answer is welcome
     * @param redirects that are followed, 0 to 3, to the same address and port only
     * @param digest MD5 of the body in lower-case hex
     * @param json what fields of the body must be
     * @param weight which part of the answer says what weight the server wants
     */
    record Url(
            String path,
            String host,
            String method,
            List<String> headers,
            Optional<String> body,
            boolean compressed,
            int redirects,
            List<StatusRange> statusCodes,
            Optional<String> digest,
            Optional<Regex> regex,
            List<JsonMatch> json,
            Optional<WeightPart> weight) {
        public Url {
            headers = List.copyOf(headers);
            statusCodes = List.copyOf(statusCodes);
            json = List.copyOf(json);
        }

        /** Where a redirect leads. */
        public Url redirected(String target) {
            return new Url(
                    target,
                    host,
                    method.equals("HEAD") ? method : "GET",
                    headers,
                    Optional.empty(),
                    compressed,
                    redirects - 1,
                    statusCodes,
                    digest,
                    regex,
                    json,
                    weight);
        }

        /** A plain GET. */
        public Url(String path, String host, List<StatusRange> statusCodes, Optional<String> digest) {
            this(
                    path,
                    host,
                    "GET",
                    List.of(),
                    Optional.empty(),
                    false,
                    0,
                    statusCodes,
                    digest,
                    Optional.empty(),
                    List.of(),
                    Optional.empty());
        }
    }

    /**
     * An expression for the body of an answer. Two are equal if they were written alike.
     *
     * @param options names as they were written
     * @param wanted whether it must match; else it must not
     * @param minOffset where a match may begin, in bytes from the start of the body
     * @param maxOffset where it must begin before; 0 for anywhere
     */
    record Regex(String expression, List<String> options, boolean wanted, long minOffset, long maxOffset) {
        public Regex {
            options = List.copyOf(options);
        }
    }

    /**
     * A field of a JSON text.
     *
     * @param pointer names and indexes with dots between them, as in {@code db.0.state}
     * @param value its text; of null, true and false the word
     */
    record JsonMatch(String pointer, String value) {}

    /** The part of an HTTP answer that holds a word about the weight: a header, or a field of a JSON body. */
    sealed interface WeightPart {
        record Header(String name) implements WeightPart {}

        record Json(String pointer) implements WeightPart {}
    }

    /** How HTTP is spoken. */
    enum HttpVersion {
        /** HTTP/1.0. */
        V1_0,
        /** HTTP/1.0 with {@code Connection: close}. */
        V1_0_CLOSE,
        /** HTTP/1.1 with {@code Connection: close}. */
        V1_1,
        /** HTTP/2, over TLS by ALPN, else with prior knowledge (h2c). */
        V2
    }

    /** Kinds of servers that SERVICE_CHECK knows. */
    enum ServiceType {
        REDIS,
        POSTGRESQL,
        MYSQL,
        LDAP,
        IMAP,
        POP3,
        SIP,
        RADIUS,
        NTP,
        MEMCACHED;

        /** The word in a configuration. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it is asked by a datagram. */
        public boolean isUdp() {
            return this == SIP || this == RADIUS || this == NTP;
        }

        /** The type that a word means; null for none. */
        public static @Nullable ServiceType of(String word) {
            for (ServiceType type : values()) {
                if (type.word().equals(word) || type == MYSQL && word.equals("mariadb")) {
                    return type;
                }
            }
            return null;
        }
    }
}
