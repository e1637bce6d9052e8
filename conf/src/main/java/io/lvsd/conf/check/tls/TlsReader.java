package io.lvsd.conf.check.tls;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.check.tls.TlsTypes.CipherList;
import io.lvsd.conf.check.tls.TlsTypes.FileName;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.HostReference.KeyUse;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.value.Tls;
import io.lvsd.conf.value.Tls.ClientCertificate;
import io.lvsd.conf.value.Tls.Version;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the TLS settings of a check. A file comes from the check, else from the block {@code SSL}. */
public final class TlsReader {
    private static final Origin NOWHERE = Origin.ofFile("");
    /** Names of suites that belong to TLS 1.3. */
    private static final String ONLY_1_3 = "TLS_(?!.*_WITH_).*";

    private final Settings check;
    private final CheckContext context;

    public TlsReader(Settings check, CheckContext context) {
        this.check = check;
        this.context = context;
    }

    /** Of a check that uses TLS only if the keyword {@code tls} is set. */
    public Optional<Tls> ifOn(Optional<String> host) {
        return check.isOn(TlsKeywords.TLS_ON) ? Optional.of(tls(host, false)) : Optional.empty();
    }

    /** Of a check whose urls have host names: with {@code enable_sni}, each is the server's name. */
    public Tls ofUrls(boolean closeNotify) {
        Tls tls = tls(Optional.empty(), closeNotify);
        boolean sni = check.isOn(TlsKeywords.ENABLE_SNI);
        return sni && tls.serverName().isEmpty() ? tls.namedByUrl() : tls;
    }

    /** @param host name of the server, sent if {@code enable_sni} is on and there is no {@code sni_name} */
    private Tls tls(Optional<String> host, boolean closeNotify) {
        Optional<String> name =
                check.get(TlsKeywords.SNI_NAME).or(() -> host.filter(_ -> check.isOn(TlsKeywords.ENABLE_SNI)));
        Optional<ClientCertificate> client = client(
                check, TlsKeywords.TLS_CERTIFICATE, TlsKeywords.TLS_KEY, TlsKeywords.TLS_PASSWORD, context.problems());
        return new Tls(
                name,
                false,
                check.isOn(TlsKeywords.TLS_VERIFY),
                check.get(TlsKeywords.TLS_CA)
                        .or(() -> context.ssl().flatMap(s -> s.get(TlsKeywords.SSL_CA)))
                        .map(FileName::path),
                check.all(TlsKeywords.TLS_PIN),
                client.or(this::common),
                closeNotify,
                context.inherited(check, TlsKeywords.TLS_MIN).orElse(Version.V1_2),
                ciphers());
    }

    private List<String> ciphers() {
        List<String> suites = context.inherited(check, TlsKeywords.TLS_CIPHERS)
                .map(CipherList::suites)
                .orElse(List.of());
        boolean only13 = context.inherited(check, TlsKeywords.TLS_MIN).equals(Optional.of(Version.V1_3));
        if (only13 && !suites.isEmpty() && suites.stream().noneMatch(s -> s.matches(ONLY_1_3))) {
            reportUnusable();
            return List.of();
        }
        return suites;
    }

    private void reportUnusable() {
        Stream.concat(Stream.of(check), context.levels().stream())
                .filter(l -> l.mentions(TlsKeywords.TLS_CIPHERS) || l.mentions(TlsKeywords.TLS_MIN))
                .findFirst()
                .ifPresent(l -> context.problems()
                        .error(
                                l.originOf(TlsKeywords.TLS_CIPHERS, l.originOf(TlsKeywords.TLS_MIN, NOWHERE)),
                                "tls_ciphers has no suite of TLS 1.3, which tls_min requires: the default suites are"
                                        + " offered",
                                "add: TLS_AES_256_GCM_SHA384"));
    }

    /** The certificate of {@code SSL}; its problems were reported when the block was read. */
    private Optional<ClientCertificate> common() {
        return context.ssl().flatMap(s -> ofSsl(s, new Problems()));
    }

    /** Reads the certificate and key of the block {@code SSL}. */
    public static Optional<ClientCertificate> ofSsl(Settings ssl, Problems problems) {
        return client(ssl, TlsKeywords.SSL_CERTIFICATE, TlsKeywords.SSL_KEY, TlsKeywords.SSL_PASSWORD, problems);
    }

    private static Optional<ClientCertificate> client(
            Settings from,
            Keyword<FileName> certificate,
            Keyword<FileName> key,
            Keyword<String> password,
            Problems problems) {
        Optional<FileName> chain = from.get(certificate);
        String secret = from.get(password).orElse("");
        from.get(key)
                .ifPresent(k -> problems.refersTo(new HostReference(
                        Kind.PRIVATE_KEY,
                        k.path().toString(),
                        k.keyword(),
                        k.origin(),
                        Optional.of(new KeyUse(chain.map(c -> c.path().toString()), secret)))));
        if (from.mentions(certificate) != from.mentions(key)) {
            Keyword<FileName> missing = from.mentions(key) ? certificate : key;
            chain.or(() -> from.get(key))
                    .ifPresent(alone -> reportHalf(alone, missing, key.equals(TlsKeywords.SSL_KEY), problems));
        }
        return chain.flatMap(c -> from.get(key).map(k -> new ClientCertificate(c.path(), k.path(), secret)));
    }

    private static void reportHalf(FileName alone, Keyword<FileName> missing, boolean ssl, Problems problems) {
        String text = "'" + alone.keyword() + "' requires '" + missing.name() + "': no client certificate is sent";
        String hint = "add: " + missing.name() + " FILE";
        if (ssl) {
            problems.warning(alone.origin(), text, hint); // keepalived -t does not report it
        } else {
            problems.error(alone.origin(), text, hint);
        }
    }
}
