package io.lvsd.conf.load;

import io.lvsd.conf.HostReference;
import io.lvsd.conf.HostReference.KeyUse;
import io.lvsd.conf.HostReference.Kind;
import io.lvsd.conf.Problems;
import io.lvsd.conf.keyword.CheckKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Keywords;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.TlsTypes.FileName;
import io.lvsd.conf.model.Tls;
import io.lvsd.conf.model.Tls.ClientCertificate;
import java.util.Optional;

/** The client side of TLS of one check. A file comes from the check, else from the block {@code SSL}. */
final class TlsBuilder {
    private final Definitions definitions;
    private final Problems problems;

    TlsBuilder(Definitions definitions, Problems problems) {
        this.definitions = definitions;
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
                check.isOn(CheckKeywords.TLS_VERIFY),
                check.get(CheckKeywords.TLS_CA)
                        .or(() -> definitions.ssl().flatMap(s -> s.get(CheckKeywords.SSL_CA)))
                        .map(FileName::path),
                check.all(CheckKeywords.TLS_PIN),
                client.or(this::common),
                closeNotify);
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
