package io.lvsd.core.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/** Decides, from its head, whether a request is carried out. */
final class Admission {
    /** Header fields that are evaluated; of two, another program could use the other one. */
    private static final List<CharSequence> SINGLE = List.of(
            HttpHeaderNames.AUTHORIZATION,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.ORIGIN,
            "sec-fetch-site",
            HttpHeaderNames.EXPECT);

    private final HttpRequest head;
    private final Target target;
    private final Router.Match match;
    private final Client client;

    private Admission(HttpRequest head, Target target, Router.Match match, Client client) {
        this.head = head;
        this.target = target;
        this.match = match;
        this.client = client;
    }

    /** @throws ProblemException if the request is not carried out */
    static Admission of(HttpRequest head, Router router, Access access, Access.Peer peer) throws ProblemException {
        access.requireRate(peer);
        requireUnderstood(head);
        Target target = Target.parse(head.uri())
                .orElseThrow(() -> RequestProblems.malformed("the target of the request is malformed")
                        .exception());
        String authority = authority(head, target);
        access.requireHost(authority, peer);
        Optional<Tokens.Holder> holder = access.authenticate(head, peer);
        Router.Match match = router.match(head.method().name(), target.segments());
        if (match.route().method().equals("POST")) {
            requireJson(head);
        }
        if (match.route().writes()) {
            access.requireWrite(holder, head.headers(), authority);
        }
        return new Admission(head, target, match, new Client(peer.client(), holder.map(Tokens.Holder::name)));
    }

    private static void requireUnderstood(HttpRequest head) throws ProblemException {
        if (head.decoderResult().isFailure()) {
            throw RequestProblems.undecodable(head.decoderResult().cause()).exception();
        }
        HttpVersion version = head.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            throw RequestProblems.version().exception();
        }
        for (CharSequence name : SINGLE) {
            if (head.headers().getAll(name).size() > 1) {
                throw RequestProblems.malformed("the header " + name + " is repeated")
                        .exception();
            }
        }
        if (head.headers().contains(HttpHeaderNames.EXPECT) && !HttpUtil.is100ContinueExpected(head)) {
            throw RequestProblems.expectation().exception();
        }
    }

    /** The Host header. A whole URL as the target must have the same; HTTP/1.0 has no such header. */
    private static String authority(HttpRequest head, Target target) throws ProblemException {
        List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
        boolean needed = head.protocolVersion().equals(HttpVersion.HTTP_1_1);
        if (hosts.size() > 1 || needed && hosts.isEmpty()) {
            throw RequestProblems.malformed("expected exactly one Host header").exception();
        }
        String host = hosts.isEmpty() ? target.authority().orElse("localhost") : hosts.getFirst();
        if (target.authority().filter(a -> !a.equalsIgnoreCase(host)).isPresent()) {
            throw RequestProblems.malformed("the target of the request names another host than the Host header")
                    .exception();
        }
        return host;
    }

    /** A form on a page of another site cannot send this type. */
    private static void requireJson(HttpRequest head) throws ProblemException {
        CharSequence type = HttpUtil.getMimeType(head);
        if (type == null || !type.toString().strip().equalsIgnoreCase("application/json")) {
            throw AccessProblems.notJson().exception();
        }
    }

    Router.Match match() {
        return match;
    }

    /** The request with its body. */
    Request request(byte[] body) {
        return new Request(head.method().name(), target, match.parameters(), head.headers(), body, client);
    }
}
