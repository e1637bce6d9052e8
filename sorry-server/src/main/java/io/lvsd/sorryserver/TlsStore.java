package io.lvsd.sorryserver;

import io.lvsd.sorryserver.setup.TlsIdentity;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates in use, read from their files and read again when these change. OpenSSL does the work where it is available,
 * else Java. Owned by one thread at a time.
 */
final class TlsStore {
    private static final Logger LOG = LoggerFactory.getLogger(TlsStore.class);
    private static final int DNS_NAME = 2;

    private final Map<TlsIdentity, Loaded> loaded = new HashMap<>();
    private final TicketKeys tickets = new TicketKeys();
    private final Failures<TlsIdentity> failures = new Failures<>();

    /**
     * A certificate.
     *
     * @param names host names in lower case, the first label may be {@code *}
     * @param version of the files
     */
    private record Loaded(SslContext context, List<String> names, String version) {}

    /** Whether OpenSSL is available. */
    static boolean isNative() {
        return OpenSsl.isAvailable();
    }

    /** The certificate for a name; empty: none of these can be used. */
    Optional<Mapping<String, SslContext>> mapping(List<TlsIdentity> identities) {
        List<Loaded> usable = new ArrayList<>();
        for (TlsIdentity identity : identities) {
            if (!loaded.containsKey(identity)) {
                load(identity);
            }
            Optional.ofNullable(loaded.get(identity)).ifPresent(usable::add);
        }
        return usable.isEmpty()
                ? Optional.empty()
                : Optional.of(mapping(Map.copyOf(byName(usable)), usable.getFirst()));
    }

    private static Map<String, SslContext> byName(List<Loaded> all) {
        Map<String, SslContext> names = new HashMap<>();
        all.forEach(l -> l.names().forEach(n -> names.putIfAbsent(n, l.context())));
        return names;
    }

    private static Mapping<String, SslContext> mapping(Map<String, SslContext> names, Loaded first) {
        return name -> {
            String host = name == null ? "" : name.toLowerCase(Locale.ROOT);
            SslContext exact = names.get(host);
            int dot = host.indexOf('.');
            SslContext wildcard = exact == null && dot >= 0 ? names.get("*" + host.substring(dot)) : exact;
            return wildcard == null ? first.context() : wildcard;
        };
    }

    /** Reads files that are not loaded, or that changed. */
    private void load(TlsIdentity identity) {
        try {
            String version = version(identity.certificate()) + version(identity.key());
            Loaded former = loaded.get(identity);
            if (former != null && former.version().equals(version)) {
                return;
            }
            SslContext context = context(identity);
            tickets.renew(System.nanoTime());
            tickets.apply(context);
            loaded.put(identity, new Loaded(context, names(identity.certificate()), version));
            succeeded(identity);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            failed(identity, reason(identity, e));
        }
    }

    private void failed(TlsIdentity identity, String reason) {
        if (failures.failed(identity)) {
            LOG.atError()
                    .addKeyValue("reason", reason)
                    .addKeyValue("effect", "the former certificate is used, or clients with TLS are refused")
                    .log("sorry_tls.failed");
        }
    }

    private void succeeded(TlsIdentity identity) {
        failures.succeeded(identity)
                .ifPresent(f -> LOG.atInfo()
                        .addKeyValue("certificate", identity.certificate())
                        .addKeyValue("count", f.count())
                        .addKeyValue("for", f.duration())
                        .log("sorry_tls.recovered"));
    }

    private static String reason(TlsIdentity identity, Exception e) {
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file";
        }
        return identity.certificate() + " with " + identity.key() + " cannot be used: " + e.getMessage()
                + "; expected PEM files, the key in PKCS #8 without password (openssl pkcs8 -topk8 -nocrypt)";
    }

    private static String version(Path file) throws IOException {
        var attributes = Files.readAttributes(file, "unix:ino,size,lastModifiedTime");
        return attributes.toString();
    }

    private static SslContext context(TlsIdentity identity) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forServer(
                        identity.certificate().toFile(), identity.key().toFile())
                .sslProvider(isNative() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.2", "TLSv1.3")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1));
        return builder.build();
    }

    private static List<String> names(Path certificate) throws IOException, GeneralSecurityException {
        List<String> names = new ArrayList<>();
        try (InputStream in = Files.newInputStream(certificate)) {
            X509Certificate first =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            var alternatives = first.getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (name.getFirst() instanceof Integer type && type == DNS_NAME) {
                    names.add(name.getLast().toString().toLowerCase(Locale.ROOT));
                }
            }
        }
        return List.copyOf(names);
    }

    /** Reads files again that changed, and forgets others than these. */
    void refresh(Set<TlsIdentity> identities) {
        loaded.keySet().retainAll(identities);
        failures.retain(identities);
        identities.forEach(this::load);
        if (!loaded.isEmpty() && tickets.renew(System.nanoTime())) {
            loaded.values().forEach(l -> tickets.apply(l.context()));
        }
    }
}
