package io.lvsd.checkers.tls;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client side of TLS, made once for all probes that want the same, and anew when its files may have changed. */
public final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger("lvsd");
    private static final Duration KEEP = Duration.ofMinutes(1);

    private record Wanted(Tls tls, List<String> protocols) {}

    /** @param failures to read the files again since, in a row */
    private record Made(SslContext context, long at, int failures) {}

    private final Map<Wanted, Made> made = new ConcurrentHashMap<>();

    private final long keep;

    public TlsContexts() {
        this(KEEP);
    }

    /** @param keep how long files are not read again */
    TlsContexts(Duration keep) {
        this.keep = keep.toNanos();
    }

    /**
     * The handler of one connection.
     *
     * @param protocols offered by ALPN
     */
    public SslHandler handler(Tls tls, ProbeAddress target, List<String> protocols) throws TlsFiles.UnusableException {
        SslContext context = context(new Wanted(tls, protocols));
        // Without a name the peer's address is verified; it is never sent.
        Optional<String> peer = tls.serverName()
                .or(() -> tls.verify() ? Optional.of(IpAddresses.text(target.address())) : Optional.empty());
        SslHandler handler = peer.map(name -> context.newHandler(UnpooledByteBufAllocator.DEFAULT, name, target.port()))
                .orElseGet(() -> context.newHandler(UnpooledByteBufAllocator.DEFAULT));
        tls.serverName().ifPresent(name -> sendName(handler, name));
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(tls.closeNotify() ? 500 : 0);
        return handler;
    }

    /** The Java runtime by itself sends no name without a dot. */
    private static void sendName(SslHandler handler, String name) {
        try {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            handler.engine().setSSLParameters(parameters);
        } catch (IllegalArgumentException _) {
            // It is no host name, and TLS cannot carry it.
        }
    }

    /** Files that were good once and are not now, as while they are replaced, leave the context as it is. */
    private SslContext context(Wanted wanted) throws TlsFiles.UnusableException {
        Made known = made.get(wanted);
        long now = System.nanoTime();
        if (known != null && (!readsFiles(wanted.tls()) || now - known.at() < keep)) {
            return known.context();
        }
        try {
            SslContext context = build(wanted);
            made.put(wanted, new Made(context, now, 0));
            if (known != null && known.failures() > 0) {
                LOG.info("event=tls.files.recovered count={}", known.failures());
            }
            return context;
        } catch (TlsFiles.UnusableException e) {
            if (known == null) {
                throw e;
            }
            if (known.failures() == 0) {
                LOG.warn(
                        "event=tls.files.failed reason=\"{}\" effect=\"the files as they were read before are used\"",
                        e.getMessage());
            }
            made.put(wanted, new Made(known.context(), now, known.failures() + 1));
            return known.context();
        }
    }

    private static boolean readsFiles(Tls tls) {
        return tls.ca().isPresent() || tls.client().isPresent();
    }

    private static SslContext build(Wanted wanted) throws TlsFiles.UnusableException {
        Tls tls = wanted.tls();
        if (!tls.ciphers().isEmpty()
                && tls.ciphers().stream()
                        .allMatch(suite -> TlsAlgorithms.unusable(suite).isPresent())) {
            throw new TlsFiles.UnusableException(
                    "no suite of tls_ciphers can be offered: "
                            + TlsAlgorithms.unusable(tls.ciphers().getFirst()).orElseThrow(),
                    "name others");
        }
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols(TlsAlgorithms.versions(tls))
                .ciphers(TlsAlgorithms.suites(tls), SupportedCipherSuiteFilter.INSTANCE);
        if (tls.verify()) {
            if (tls.ca().isPresent()) {
                builder.trustManager(TlsFiles.certificates(tls.ca().get()));
            }
            builder.endpointIdentificationAlgorithm("HTTPS");
        } else {
            if (tls.ca().isPresent()) {
                TlsFiles.certificates(tls.ca().get()); // As in keepalived, it must be usable.
            }
            // A health check asks whether the server answers; whose certificate it shows was not asked.
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        }
        if (tls.client().isPresent()) {
            TlsFiles.Identity own = TlsFiles.identity(tls.client().get());
            builder.keyManager(own.key(), own.chain());
        }
        if (!wanted.protocols().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    wanted.protocols()));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("the Java runtime refuses a TLS client", e);
        }
    }

    /** Why a certificate is not one of those that are pinned; empty if it is, or if none is. */
    public static Optional<String> pinFailure(Tls tls, X509Certificate peer) {
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
