package io.lvsd.core.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which clients may do what. Reading is open to clients of a loopback listener; everything else requires a token, and changes
 * one with the right to write. Used by the event loop, except {@link #configure}.
 */
final class Access {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final Credentials credentials;
    private final RateLimits limits;
    private volatile HostNames hosts;

    /**
     * Both ends of a connection.
     *
     * @param open whether its listener is on loopback, so that reading needs no token
     */
    record Peer(InetAddress client, InetAddress local, boolean open) {}

    Access(Credentials credentials, RateLimits limits, HostNames hosts) {
        this.credentials = credentials;
        this.limits = limits;
        this.hosts = hosts;
    }

    /** Any thread. */
    void configure(HostNames names) {
        hosts = names;
    }

    /** Whether the client may send a request now. */
    void requireRate(Peer peer) throws ProblemException {
        long wait = limits.request(peer.client());
        if (wait > 0) {
            throw new ProblemException(AccessProblems.tooManyRequests(wait));
        }
    }

    /** Whether an authority is a name of this endpoint. */
    void requireHost(String authority, Peer peer) throws ProblemException {
        if (!hosts.contains(authority, peer.local())) {
            throw new ProblemException(AccessProblems.wrongHost());
        }
    }

    /** The owner of the token that a request presents; empty if it presents none and needs none so far. */
    Optional<Tokens.Holder> authenticate(HttpRequest head, Peer peer) throws ProblemException {
        Optional<String> token = token(head);
        if (token.isEmpty()) {
            if (head.headers().contains(HttpHeaderNames.AUTHORIZATION)) {
                throw new ProblemException(AccessProblems.unsupportedScheme());
            }
            if (!peer.open()) {
                throw new ProblemException(AccessProblems.tokenRequired());
            }
            return Optional.empty();
        }
        long wait = limits.attempt(peer.client());
        Optional<Tokens.Holder> holder = credentials.tokens().holder(token.get());
        if (wait > 0 && !isKnown(holder, peer)) {
            throw new ProblemException(AccessProblems.tooManyFailures(wait));
        }
        if (holder.isEmpty()) {
            limits.failed(peer.client());
            LOG.atWarn()
                    .addKeyValue("client", peer.client().getHostAddress())
                    .addKeyValue("reason", "unknown token")
                    .log("http.denied");
            throw new ProblemException(AccessProblems.unknownToken());
        }
        limits.succeeded(peer.client(), holder.get().name());
        return holder;
    }

    /** Another program at the address of a client must not lock it out by wrong tokens. */
    private boolean isKnown(Optional<Tokens.Holder> holder, Peer peer) {
        return holder.isPresent()
                && limits.hasSucceeded(peer.client(), holder.get().name());
    }

    /** The bearer token (RFC 6750); for a request that changes nothing also the password of HTTP Basic, which browsers have. */
    private static Optional<String> token(HttpRequest head) {
        String value = head.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        String lower = value.toLowerCase(Locale.ROOT);
        if (lower.startsWith(BEARER)) {
            return Optional.of(value.substring(BEARER.length()).strip());
        }
        String method = head.method().name();
        if (lower.startsWith(BASIC) && (method.equals("GET") || method.equals("HEAD"))) {
            try {
                byte[] pair = Base64.getDecoder()
                        .decode(value.substring(BASIC.length()).strip());
                String text = new String(pair, StandardCharsets.UTF_8);
                return Optional.of(text.substring(text.indexOf(':') + 1));
            } catch (IllegalArgumentException _) {
                return Optional.of("");
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a request may change something: its token has the right, and it does not come from a page of another site.
     *
     * @param authority of the request
     */
    void requireWrite(Optional<Tokens.Holder> holder, HttpHeaders headers, String authority) throws ProblemException {
        if (credentials.tokens().isEmpty()) {
            throw new ProblemException(AccessProblems.noTokens());
        }
        if (holder.isEmpty()) {
            throw new ProblemException(AccessProblems.tokenRequired());
        }
        if (!holder.get().write()) {
            throw new ProblemException(AccessProblems.readOnly(holder.get().name()));
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN, "");
        String site = headers.get("sec-fetch-site", "same-origin");
        boolean sameOrigin = origin.isEmpty()
                || origin.equalsIgnoreCase("http://" + authority)
                || origin.equalsIgnoreCase("https://" + authority);
        if (!sameOrigin || !site.equals("same-origin")) {
            throw new ProblemException(AccessProblems.otherOrigin());
        }
    }
}
