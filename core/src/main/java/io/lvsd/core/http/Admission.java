package io.lvsd.core.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decides, from its head, whether a request is carried out. */
final class Admission {
    private final HttpRequest head;
    private final Target target;
    private final Router.Match match;

    private Admission(HttpRequest head, Target target, Router.Match match) {
        this.head = head;
        this.target = target;
        this.match = match;
    }

    /** @throws ProblemException if the request is not carried out */
    static Admission of(HttpRequest head, Router router) throws ProblemException {
        if (head.decoderResult().isFailure()) {
            throw new ProblemException(
                    RequestProblems.undecodable(head.decoderResult().cause()));
        }
        HttpVersion version = head.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            throw new ProblemException(RequestProblems.version());
        }
        if (head.headers().contains(HttpHeaderNames.EXPECT) && !HttpUtil.is100ContinueExpected(head)) {
            throw new ProblemException(RequestProblems.expectation());
        }
        List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
        boolean hostNeeded = version.equals(HttpVersion.HTTP_1_1);
        if (hosts.size() > 1 || hostNeeded && hosts.isEmpty()) {
            throw new ProblemException(RequestProblems.malformed("expected exactly one Host header"));
        }
        Target target = Target.parse(head.uri())
                .orElseThrow(() ->
                        new ProblemException(RequestProblems.malformed("the target of the request is malformed")));
        if (!isLocalHost(hosts.isEmpty() ? "localhost" : hosts.getFirst())
                || target.authority().filter(a -> !isLocalHost(a)).isPresent()) {
            throw new ProblemException(RequestProblems.wrongHost());
        }
        return new Admission(head, target, router.match(head.method().name(), target.segments()));
    }

    /** Whether a Host header is an address or localhost, with or without a port. */
    private static boolean isLocalHost(String host) {
        String name = host.startsWith("[")
                ? host.substring(1, Math.max(1, host.indexOf(']')))
                : host.replaceFirst(":\\d*$", "");
        return name.toLowerCase(Locale.ROOT).equals("localhost")
                || NetUtil.isValidIpV4Address(name)
                || NetUtil.isValidIpV6Address(name);
    }

    Router.Match match() {
        return match;
    }

    /** The request with its body. */
    Request request(byte[] body) {
        return new Request(
                head.method().name(),
                target,
                match.parameters(),
                head.headers(),
                body,
                new Client(InetAddress.getLoopbackAddress(), Optional.empty()));
    }
}
