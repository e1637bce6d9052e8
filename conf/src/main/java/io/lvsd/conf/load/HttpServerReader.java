package io.lvsd.conf.load;

import io.lvsd.conf.keyword.Endpoint;
import io.lvsd.conf.keyword.HttpServerKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.HttpConfig;
import io.lvsd.conf.model.HttpConfig.ServerTls;
import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.HostReference.KeyUse;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Reads the block {@code http}. */
final class HttpServerReader {
    private final Statement block;
    private final Settings settings;
    private final Problems problems;

    private HttpServerReader(Statement block, Problems problems) {
        this.block = block;
        this.problems = problems;
        this.settings = Language.read(Scope.HTTP, ConfigBuilder.blockOf(block), problems);
    }

    /** @return empty if the endpoint is off, as it has no address that it may use */
    static Optional<HttpConfig> read(Statement block, Problems problems) {
        return new HttpServerReader(block, problems).read();
    }

    private Optional<HttpConfig> read() {
        if (!settings.mentions(HttpServerKeywords.LISTEN)) {
            problems.error(
                    block.origin(),
                    "'http' requires 'listen', the endpoint is off",
                    "add: listen 127.0.0.1:" + HttpServerKeywords.PORT);
        }
        Optional<Path> tokens = settings.get(HttpServerKeywords.TOKEN_FILE).map(Path::of);
        Optional<ServerTls> tls = tls();
        Set<InetSocketAddress> listen = new LinkedHashSet<>();
        for (Endpoint endpoint : settings.all(HttpServerKeywords.LISTEN)) {
            InetSocketAddress address = new InetSocketAddress(endpoint.address(), endpoint.port());
            if (!isAllowed(endpoint, tokens.isPresent(), tls.isPresent())) {
                continue;
            }
            if (!listen.add(address)) {
                problems.error(endpoint.origin(), "duplicate listen address " + text(endpoint), "remove one of them");
            }
        }
        boolean onlyLoopback = listen.stream().allMatch(a -> a.getAddress().isLoopbackAddress());
        if (tls.isPresent() && onlyLoopback && !listen.isEmpty()) {
            problems.warning(
                    settings.originOf(HttpServerKeywords.CERTIFICATE, block.origin()),
                    "'tls_certificate' has no effect: every listen address is of loopback, where TLS is not used",
                    "remove it, or add another listen address");
        }
        return listen.isEmpty()
                ? Optional.empty()
                : Optional.of(new HttpConfig(
                        listen.stream().toList(),
                        settings.all(HttpServerKeywords.HOST).stream()
                                .distinct()
                                .toList(),
                        tokens,
                        tls));
    }

    private boolean isAllowed(Endpoint endpoint, boolean tokens, boolean tls) {
        if (endpoint.address().isLoopbackAddress() || tokens && tls) {
            return true;
        }
        String missing = tokens ? "tls_certificate" : tls ? "token_file" : "token_file and tls_certificate";
        problems.error(
                endpoint.origin(),
                "listen address " + text(endpoint) + " requires " + missing
                        + ", as other hosts can reach it; it is not opened",
                tls
                        ? "add: token_file FILE"
                        : tokens
                                ? "add: tls_certificate FILE"
                                : "add both, or use: listen 127.0.0.1:" + endpoint.port());
        return false;
    }

    private static String text(Endpoint endpoint) {
        return IpAddresses.text(endpoint.address(), endpoint.port());
    }

    private Optional<ServerTls> tls() {
        Optional<String> certificate = settings.get(HttpServerKeywords.CERTIFICATE);
        Optional<String> key = settings.get(HttpServerKeywords.KEY);
        if (certificate.isEmpty()) {
            if (key.isPresent()) {
                problems.error(
                        settings.originOf(HttpServerKeywords.KEY, block.origin()),
                        "'tls_key' requires 'tls_certificate'",
                        "add: tls_certificate FILE");
            }
            return Optional.empty();
        }
        String keyFile = key.orElse(certificate.get());
        boolean own = key.isPresent();
        problems.refersTo(new HostReference(
                Kind.PRIVATE_KEY,
                keyFile,
                own ? HttpServerKeywords.KEY.name() : HttpServerKeywords.CERTIFICATE.name(),
                settings.originOf(own ? HttpServerKeywords.KEY : HttpServerKeywords.CERTIFICATE, block.origin()),
                Optional.of(new KeyUse(certificate, ""))));
        return Optional.of(new ServerTls(Path.of(certificate.get()), Path.of(keyFile)));
    }
}
