package io.lvsd.conf.load;

import io.lvsd.conf.keyword.CheckKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Keywords;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.TlsTypes.FileName;
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

/** The client side of TLS of one check. A file comes from the check, else from the block {@code SSL}. */
final class TlsBuilder {
    private static final Origin NOWHERE = Origin.ofFile("");
    /** Names of suites that belong to TLS 1.3. */
    private static final String ONLY_1_3 = "TLS_(?!.*_WITH_).*";

    private final Definitions definitions;
    /** Where versions and cipher suites are looked for that a check does not say, the nearest first. */
    private final List<Settings> levels;

    private final Problems problems;

    TlsBuilder(Definitions definitions, List<Settings> levels, Problems problems) {
        this.definitions = definitions;
        this.levels = List.copyOf(levels);
        this.problems = problems;
    }

    /** Of a check whose urls have host names: with {@code enable_sni}, each names the server. */
    Tls ofUrls(Settings check, boolean closeNotify) {
        Tls tls = tls(check, Optional.empty(), closeNotify);
        boolean sni = check.isOn(Keywords.ENABLE_SNI);
        return sni && tls.serverName().isEmpty() ? tls.namedByUrl() : tls;
    }

    /** @param host name of the server, sent if {@code enable_sni} is on and {@code sni_name} is not written */
    Tls tls(Settings check, Optional<String> host, boolean closeNotify) {
        Optional<String> name =
                check.get(Keywords.SNI_NAME).or(() -> host.filter(_ -> check.isOn(Keywords.ENABLE_SNI)));
        Optional<ClientCertificate> client = client(
                check, CheckKeywords.TLS_CERTIFICATE, CheckKeywords.TLS_KEY, CheckKeywords.TLS_PASSWORD, problems);
        return new Tls(
                name,
                false,
                check.isOn(CheckKeywords.TLS_VERIFY),
                check.get(CheckKeywords.TLS_CA)
                        .or(() -> definitions.ssl().flatMap(s -> s.get(CheckKeywords.SSL_CA)))
                        .map(FileName::path),
                check.all(CheckKeywords.TLS_PIN),
                client.or(this::common),
                closeNotify,
                inherited(check, CheckKeywords.TLS_MIN).orElse(Version.V1_2),
                ciphers(check));
    }

    private <T> Optional<T> inherited(Settings check, Keyword<T> keyword) {
        return check.get(keyword)
                .or(() -> levels.stream().flatMap(l -> l.get(keyword).stream()).findFirst());
    }

    private List<String> ciphers(Settings check) {
        List<String> suites = inherited(check, CheckKeywords.TLS_CIPHERS).orElse(List.of());
        boolean only13 = inherited(check, CheckKeywords.TLS_MIN).equals(Optional.of(Version.V1_3));
        if (only13 && !suites.isEmpty() && suites.stream().noneMatch(s -> s.matches(ONLY_1_3))) {
            Stream.concat(Stream.of(check), levels.stream())
                    .filter(l -> l.mentions(CheckKeywords.TLS_CIPHERS) || l.mentions(CheckKeywords.TLS_MIN))
                    .findFirst()
                    .ifPresent(l -> problems.error(
                            l.originOf(CheckKeywords.TLS_CIPHERS, l.originOf(CheckKeywords.TLS_MIN, NOWHERE)),
                            "no suite of tls_ciphers belongs to TLS 1.3, which tls_min wants: the default suites are"
                                    + " offered",
                            "add: TLS_AES_256_GCM_SHA384"));
            return List.of();
        }
        return suites;
    }

    /** What {@code SSL} says; its problems were reported when it was read. */
    private Optional<ClientCertificate> common() {
        return definitions.ssl().flatMap(s -> ofSsl(s, new Problems()));
    }

    /** Reads, and reports what is wrong with, the certificate and key of the block {@code SSL}. */
    static Optional<ClientCertificate> ofSsl(Settings ssl, Problems problems) {
        return client(ssl, CheckKeywords.SSL_CERTIFICATE, CheckKeywords.SSL_KEY, CheckKeywords.SSL_PASSWORD, problems);
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
            chain.or(() -> from.get(key)).ifPresent(alone -> {
                String text = "'" + alone.keyword() + "' without '" + missing.name() + "': no certificate is shown";
                String hint = "add: " + missing.name() + " FILE";
                if (key.equals(CheckKeywords.SSL_KEY)) {
                    problems.warning(alone.origin(), text, hint); // keepalived -t does not report it
                } else {
                    problems.error(alone.origin(), text, hint);
                }
            });
        }
        return chain.flatMap(c -> from.get(key).map(k -> new ClientCertificate(c.path(), k.path(), secret)));
    }
}
