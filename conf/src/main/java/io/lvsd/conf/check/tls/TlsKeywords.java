package io.lvsd.conf.check.tls;

import static io.lvsd.conf.keyword.Scope.LVSD;
import static io.lvsd.conf.keyword.Scope.REAL_SERVER;
import static io.lvsd.conf.keyword.Scope.VIRTUAL_SERVER;
import static io.lvsd.conf.keyword.Trait.OPTIONAL_TLS;
import static io.lvsd.conf.keyword.Trait.TLS;

import io.lvsd.conf.check.tls.TlsTypes.CipherList;
import io.lvsd.conf.check.tls.TlsTypes.FileName;
import io.lvsd.conf.keyword.BlockTypes;
import io.lvsd.conf.keyword.DuplicatePolicy;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Shape.Simple;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Tls.Version;
import java.util.List;
import java.util.Set;

/** Keywords of TLS settings: those of the block {@code SSL}, and those of each check. */
public final class TlsKeywords {
    /** The block {@code SSL}. */
    public static final Scope SSL = Scope.named("SSL");

    public static final Keyword<Statement> SSL_BLOCK = Keyword.of(
            "SSL",
            Scope.ROOT,
            BlockTypes.block(SSL, Simple.OBJECT).duplicates(DuplicatePolicy.LAST_REPORTED),
            "none",
            "Default certificates of every check that uses TLS.");
    public static final Keyword<String> SSL_PASSWORD =
            Keyword.of("password", SSL, TextTypes.text("PASSWORD"), "none", "Password of the key.");
    public static final Keyword<FileName> SSL_CA = Keyword.of(
            "ca", SSL, TlsTypes.certificates(), "none", "Trusted certificates, PEM; used where tls_verify is on.");
    public static final Keyword<FileName> SSL_CERTIFICATE =
            Keyword.of("certificate", SSL, TlsTypes.certificates(), "none", "Client certificate and its chain, PEM.");
    public static final Keyword<FileName> SSL_KEY =
            Keyword.of("key", SSL, TlsTypes.key(), "none", "Private key of the client certificate, PEM.");

    public static final Keyword<Boolean> TLS_ON =
            Keyword.of("tls", OPTIONAL_TLS, TextTypes.flag(), "off", "Use TLS from the first byte.");
    public static final Keyword<Boolean> TLS_VERIFY = Keyword.of(
            "tls_verify",
            TLS,
            TextTypes.flag(),
            "off",
            "Require a certificate that is trusted and valid for the requested name.");
    public static final Keyword<FileName> TLS_CA = Keyword.of(
            "tls_ca", TLS, TlsTypes.certificates(), "ca of SSL, else the system's", "Trusted certificates, PEM.");
    public static final Keyword<String> TLS_PIN = Keyword.of(
            "tls_pin",
            TLS,
            TlsTypes.pin().shaped(Simple.TEXTS).duplicates(DuplicatePolicy.ALL),
            "none",
            "SHA-256 sum of the public key that the server must have. May be repeated.");
    public static final Keyword<FileName> TLS_CERTIFICATE = Keyword.of(
            "tls_certificate",
            TLS,
            TlsTypes.certificates(),
            "certificate of SSL",
            "Client certificate and its chain, PEM.");
    public static final Keyword<FileName> TLS_KEY =
            Keyword.of("tls_key", TLS, TlsTypes.key(), "key of SSL", "Private key of the client certificate, PEM.");
    public static final Keyword<String> TLS_PASSWORD =
            Keyword.of("tls_password", TLS, TextTypes.text("PASSWORD"), "password of SSL", "Password of the key.");
    public static final Keyword<Version> TLS_MIN = Keyword.of(
            "tls_min",
            Set.of(TLS, VIRTUAL_SERVER, REAL_SERVER, LVSD),
            TlsTypes.version(),
            "1.2",
            "Lowest TLS version that probes offer; all later ones are offered too.");
    public static final Keyword<CipherList> TLS_CIPHERS = Keyword.of(
            "tls_ciphers",
            Set.of(TLS, VIRTUAL_SERVER, REAL_SERVER, LVSD),
            TlsTypes.ciphers(),
            "those of OpenSSL 3, RSA key exchange included",
            "The only cipher suites that probes offer, by their OpenSSL or IANA names.");
    public static final Keyword<Boolean> ENABLE_SNI =
            Keyword.of("enable_sni", TLS, TextTypes.bool(), "off", "Send the host name in the TLS handshake.");
    public static final Keyword<String> SNI_NAME = Keyword.of(
            "sni_name", TLS, TextTypes.text("NAME"), "the virtualhost", "Host name to send in the TLS handshake.");

    public static final List<Keyword<?>> ALL = List.of(
            SSL_BLOCK,
            SSL_PASSWORD,
            SSL_CA,
            SSL_CERTIFICATE,
            SSL_KEY,
            TLS_ON,
            TLS_VERIFY,
            TLS_CA,
            TLS_PIN,
            TLS_CERTIFICATE,
            TLS_KEY,
            TLS_PASSWORD,
            TLS_MIN,
            TLS_CIPHERS,
            ENABLE_SNI,
            SNI_NAME);

    private TlsKeywords() {}
}
