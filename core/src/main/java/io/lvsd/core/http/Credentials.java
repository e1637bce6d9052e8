package io.lvsd.core.http;

import io.lvsd.checkers.tls.TlsFiles;
import io.lvsd.conf.model.HttpConfig;
import io.lvsd.conf.model.HttpConfig.ServerTls;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.host.TokenFile;
import io.lvsd.core.log.LastingFailure;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens and the certificate of the endpoint, from files that are read again when they change. While the file of tokens
 * cannot be used, no token is accepted, so that a token can always be revoked; while the certificate cannot be used, the
 * former one stays in use. Any thread may read; one thread at a time refreshes.
 */
final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);

    /** With forward secrecy and authenticated encryption, as RFC 9325 recommends. Probes may use others. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    // shared
    private volatile Tokens tokens = Tokens.NONE;
    private volatile Optional<SslContext> tls = Optional.empty();

    // guarded by this
    private Optional<Path> tokenFile = Optional.empty();
    private Optional<ServerTls> tlsFiles = Optional.empty();
    private List<Stamp> tokenStamps = List.of();
    private List<Stamp> tlsStamps = List.of();
    private final LastingFailure tokenFailure = new LastingFailure();
    private final LastingFailure tlsFailure = new LastingFailure();

    /**
     * What changes when a file is written, replaced, or gets other permissions.
     *
     * @param attributes empty if it cannot be read
     */
    private record Stamp(Path file, Map<String, Object> attributes) {
        static Stamp of(Path file) {
            try {
                return new Stamp(file, Files.readAttributes(file, "unix:ctime,lastModifiedTime,size,ino,dev"));
            } catch (IOException | UnsupportedOperationException _) {
                return new Stamp(file, Map.of());
            }
        }
    }

    Tokens tokens() {
        return tokens;
    }

    /** For new connections; empty if no certificate can be used. */
    Optional<SslContext> tls() {
        return tls;
    }

    /** Uses the files of another configuration, and reads them now. Blocks. */
    synchronized void configure(HttpConfig config) {
        tokenFile = config.tokenFile();
        tlsFiles = config.tls();
        tokenStamps = List.of();
        tlsStamps = List.of();
        refresh();
    }

    /** Reads the files that have changed. Blocks. */
    synchronized void refresh() {
        List<Stamp> newTokens = tokenFile.stream().map(Stamp::of).toList();
        if (!newTokens.equals(tokenStamps) || tokenFile.isEmpty()) {
            tokenStamps = newTokens;
            readTokens();
        }
        List<Stamp> newTls = stampsOfTls();
        if (!newTls.equals(tlsStamps)) {
            tlsStamps = newTls;
            readTls();
        }
    }

    private List<Stamp> stampsOfTls() {
        List<Stamp> stamps = new ArrayList<>();
        tlsFiles.ifPresent(files -> {
            stamps.add(Stamp.of(files.certificate()));
            stamps.add(Stamp.of(files.key()));
        });
        return stamps;
    }

    private void readTokens() {
        if (tokenFile.isEmpty()) {
            tokens = Tokens.NONE;
            return;
        }
        try {
            tokens = Tokens.of(TokenFile.read(tokenFile.get()));
            if (tokenFailure.isActive()) {
                tokenFailure.recovered(LOG.atInfo()).log("http_tokens.recovered");
            }
        } catch (TokenFile.UnusableException e) {
            tokens = Tokens.NONE;
            if (tokenFailure.failed()) {
                LOG.atError()
                        .addKeyValue("reason", IoReason.of(e))
                        .addKeyValue("effect", "no token is accepted")
                        .addKeyValue("remedy", e.hint())
                        .log("http_tokens.failed");
            }
        }
    }

    private void readTls() {
        if (tlsFiles.isEmpty()) {
            tls = Optional.empty();
            return;
        }
        try {
            tls = Optional.of(context(tlsFiles.get()));
            if (tlsFailure.isActive()) {
                tlsFailure.recovered(LOG.atInfo()).log("http_tls.recovered");
            }
        } catch (TlsFiles.UnusableException e) {
            tlsFailed(IoReason.of(e), e.hint());
        } catch (IOException e) {
            tlsFailed(IoReason.of(e), "use a certificate and a key that belong together");
        }
    }

    private void tlsFailed(String reason, String remedy) {
        if (tlsFailure.failed()) {
            String effect = tls.isPresent() ? "the former certificate stays in use" : "connections over TLS are closed";
            LOG.atError()
                    .addKeyValue("reason", reason)
                    .addKeyValue("effect", effect)
                    .addKeyValue("remedy", remedy)
                    .log("http_tls.failed");
        }
    }

    private static SslContext context(ServerTls files) throws TlsFiles.UnusableException, IOException {
        List<X509Certificate> chain = TlsFiles.certificates(files.certificate());
        PrivateKey key = TlsFiles.key(files.key(), "", Optional.of(files.certificate()));
        return SslContextBuilder.forServer(key, chain)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CIPHERS)
                .build();
    }
}
