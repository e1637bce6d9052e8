package io.lvsd.checkers.tls;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client side of TLS: one context for all probes with the same settings, created again when its files may have changed.
 * At most {@link #MAX_CONTEXTS} are kept; the least recently used one is dropped for a new one, and created again when a
 * probe needs it. Thread-safe.
 */
public final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
    private static final Duration MAX_AGE = Duration.ofMinutes(1);
    /** Server names and pins are not part of a context, so a host with thousands of checks has a few. */
    static final int MAX_CONTEXTS = 256;

    /**
     * What a context depends on.
     *
     * @param tls without what belongs to one connection
     */
    private record Settings(Tls tls, List<String> alpn) {
        static Settings of(Tls tls, List<String> alpn) {
            Tls common = new Tls(
                    Optional.empty(),
                    false,
                    tls.verify(),
                    tls.ca(),
                    List.of(),
                    tls.client(),
                    false,
                    tls.lowest(),
                    tls.ciphers());
            return new Settings(common, alpn);
        }
    }

    /** @param failures to read the files again since then, in a row */
    private record Entry(SslContext context, long at, int failures, long failingSince) {}

    /** In the order of use. Guarded by itself. */
    private final LinkedHashMap<Settings, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private final long maxAge;
    private final int maxContexts;

    public TlsContexts() {
        this(MAX_AGE, MAX_CONTEXTS);
    }

    /** @param maxAge the files of a context are read again after this */
    TlsContexts(Duration maxAge, int maxContexts) {
        this.maxAge = maxAge.toNanos();
        this.maxContexts = maxContexts;
    }

    /** Contexts that are kept now. */
    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }

    /**
     * The handler of one connection.
     *
     * @param alpn protocols that are offered by ALPN
     */
    public SslHandler handler(Tls tls, ProbeAddress target, List<String> alpn) throws TlsFiles.UnusableException {
        SslContext context = context(Settings.of(tls, alpn));
        // Without a name, the address of the peer is verified; it is never sent.
        Optional<String> peer = tls.serverName()
                .or(() -> tls.verify() ? Optional.of(IpAddresses.text(target.address())) : Optional.empty());
        SslHandler handler = peer.map(name -> context.newHandler(UnpooledByteBufAllocator.DEFAULT, name, target.port()))
                .orElseGet(() -> context.newHandler(UnpooledByteBufAllocator.DEFAULT));
        tls.serverName().ifPresent(name -> sendName(handler, name));
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(tls.closeNotify() ? 500 : 0);
        return handler;
    }

    /** The Java runtime itself sends no name without a dot. */
    private static void sendName(SslHandler handler, String name) {
        try {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            handler.engine().setSSLParameters(parameters);
        } catch (IllegalArgumentException _) {
            // Not a host name: TLS cannot send it.
        }
    }

    /** A context whose files were valid and are not any more, for example while they are replaced, remains in use. */
    private SslContext context(Settings settings) throws TlsFiles.UnusableException {
        Entry known = entry(settings);
        long now = System.nanoTime();
        if (known != null && (!readsFiles(settings.tls()) || now - known.at() < maxAge)) {
            return known.context();
        }
        try {
            SslContext context = build(settings);
            keep(settings, new Entry(context, now, 0, now));
            if (known != null && known.failures() > 0) {
                LOG.atInfo()
                        .addKeyValue("count", known.failures())
                        .addKeyValue("for", TimeUnit.NANOSECONDS.toSeconds(now - known.failingSince()) + "s")
                        .log("tls_files.recovered");
            }
            return context;
        } catch (TlsFiles.UnusableException e) {
            if (known == null) {
                throw e;
            }
            if (known.failures() == 0) {
                LOG.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .addKeyValue("effect", "the certificates and keys read before remain in use")
                        .log("tls_files.failed");
            }
            keep(
                    settings,
                    new Entry(
                            known.context(),
                            now,
                            known.failures() + 1,
                            known.failures() == 0 ? now : known.failingSince()));
            return known.context();
        }
    }

    private @Nullable Entry entry(Settings settings) {
        synchronized (entries) {
            return entries.get(settings);
        }
    }

    private void keep(Settings settings, Entry entry) {
        synchronized (entries) {
            entries.put(settings, entry);
            if (entries.size() > maxContexts) {
                entries.pollFirstEntry();
            }
        }
    }

    private static boolean readsFiles(Tls tls) {
        return tls.ca().isPresent() || tls.client().isPresent();
    }

    private static SslContext build(Settings settings) throws TlsFiles.UnusableException {
        Tls tls = settings.tls();
        if (!tls.ciphers().isEmpty()
                && tls.ciphers().stream()
                        .allMatch(suite -> TlsAlgorithms.unusable(suite).isPresent())) {
            throw new TlsFiles.UnusableException(
                    "no suite of tls_ciphers is usable: "
                            + TlsAlgorithms.unusable(tls.ciphers().getFirst()).orElseThrow(),
                    "use other suites");
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
                TlsFiles.certificates(tls.ca().get()); // As in keepalived, it must be valid.
            }
            // Without verification, a check shows that the server responds, not which server it is.
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        }
        if (tls.client().isPresent()) {
            TlsFiles.Identity own = TlsFiles.identity(tls.client().get());
            builder.keyManager(own.key(), own.chain());
        }
        if (!settings.alpn().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    settings.alpn()));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("the Java runtime cannot create a TLS client", e);
        }
    }

    /** The failure of a certificate whose key is not pinned; empty if it is pinned, or if no key is. */
    public static Optional<Failed> pinFailure(Tls tls, X509Certificate peer) {
        if (tls.pins().isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] key = peer.getPublicKey().getEncoded();
            String sum = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key));
            return tls.pins().contains(sum)
                    ? Optional.empty()
                    : Optional.of(
                            Failed.mismatch(Reason.TLS_FAILED, "key " + String.join(" or ", tls.pins()), "key " + sum));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
