package io.lvsd.checkers;

import io.lvsd.conf.Names;
import io.lvsd.conf.model.ProbeAddress;
import io.lvsd.conf.model.Tls;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/** The client side of TLS, made once for all probes that want the same, and anew when its files may have changed. */
final class TlsContexts {
    private static final long KEEP = Duration.ofMinutes(1).toNanos();

    private record Wanted(Tls tls, List<String> protocols) {}

    private record Made(SslContext context, long at) {}

    private final Map<Wanted, Made> made = new ConcurrentHashMap<>();

    /** A file of certificates or a key cannot be used. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String text, Throwable cause) {
            super(text, cause);
        }
    }

    /**
     * The handler of one connection.
     *
     * @param protocols offered by ALPN
     */
    SslHandler handler(Tls tls, ProbeAddress where, String... protocols) throws UnusableException {
        SslContext context = context(new Wanted(tls, List.of(protocols)));
        // Without a name the peer's address is verified; it is never sent.
        Optional<String> peer =
                tls.serverName().or(() -> tls.verify() ? Optional.of(Names.text(where.address())) : Optional.empty());
        SslHandler handler = peer.map(name -> context.newHandler(UnpooledByteBufAllocator.DEFAULT, name, where.port()))
                .orElseGet(() -> context.newHandler(UnpooledByteBufAllocator.DEFAULT));
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(tls.closeNotify() ? 500 : 0);
        return handler;
    }

    private SslContext context(Wanted wanted) throws UnusableException {
        Made known = made.get(wanted);
        long now = System.nanoTime();
        if (known != null && (!readsFiles(wanted.tls()) || now - known.at() < KEEP)) {
            return known.context();
        }
        try {
            SslContext context = build(wanted);
            made.put(wanted, new Made(context, now));
            return context;
        } catch (SSLException | IllegalArgumentException e) {
            throw new UnusableException("TLS files cannot be used: " + e.getMessage(), e);
        }
    }

    private static boolean readsFiles(Tls tls) {
        return tls.ca().isPresent() || tls.client().isPresent();
    }

    private static SslContext build(Wanted wanted) throws SSLException {
        Tls tls = wanted.tls();
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .ciphers(TlsAlgorithms.suites(), SupportedCipherSuiteFilter.INSTANCE);
        if (tls.verify()) {
            tls.ca().ifPresent(file -> builder.trustManager(file.toFile()));
            builder.endpointIdentificationAlgorithm("HTTPS");
        } else {
            // A health check asks whether the server answers; whose certificate it shows was not asked.
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        }
        tls.client().ifPresent(c -> {
            File chain = c.chain().toFile();
            builder.keyManager(chain, c.key().toFile(), c.password().isEmpty() ? null : c.password());
        });
        if (!wanted.protocols().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    wanted.protocols()));
        }
        return builder.build();
    }

    /** Why a certificate is not one of those that are pinned; empty if it is, or if none is. */
    static Optional<String> pinFailure(Tls tls, X509Certificate peer) {
        if (tls.pins().isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] key = peer.getPublicKey().getEncoded();
            String sum = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key));
            return tls.pins().contains(sum) ? Optional.empty() : Optional.of("key " + sum + " is not pinned");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
