package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Scope.HTTP;
import static io.lvsd.conf.keyword.Scope.LVSD;

import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.syntax.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The block {@code http} and its keywords. */
public final class HttpServerKeywords {
    /** The port in examples. */
    public static final int PORT = 9180;

    private static final String NAME = "(?!.*\\.\\.)[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?";

    public static final Keyword<Statement> BLOCK = Keyword.of(
            "http",
            LVSD,
            BlockTypes.block(HTTP, Shape.Simple.OBJECT),
            "off",
            "HTTP endpoint: status page, API, metrics, /livez and /readyz.");
    public static final Keyword<Endpoint> LISTEN = Keyword.required(
            "listen",
            HTTP,
            AddressTypes.listen(PORT).shaped(Shape.Simple.TEXTS).duplicates(DuplicatePolicy.ALL),
            "Address and port of the endpoint. May be repeated. An address that is not of loopback requires token_file"
                    + " and tls_certificate.");
    public static final Keyword<String> HOST = Keyword.of(
            "host",
            HTTP,
            TextTypes.parsed(
                            "HOSTNAME",
                            text -> Optional.of(text.toLowerCase(Locale.ROOT)).filter(t -> t.matches(NAME)),
                            "host name",
                            "a name without port, such as director.example.net")
                    .shaped(Shape.Simple.TEXTS)
                    .duplicates(DuplicatePolicy.ALL),
            "the listen addresses and localhost",
            "Another name that clients may use for the endpoint. May be repeated.");
    public static final Keyword<String> TOKEN_FILE = Keyword.of(
            "token_file",
            HTTP,
            HostTypes.naming(Kind.TOKENS, TextTypes.text("FILE")),
            "none: nothing can be changed over HTTP",
            "File with the tokens of clients, one a line: NAME TOKEN [read|write]. Its mode is 0600 or stricter.");
    public static final Keyword<String> CERTIFICATE = Keyword.of(
            "tls_certificate",
            HTTP,
            HostTypes.naming(Kind.CERTIFICATES, TextTypes.text("FILE")),
            "none",
            "Certificate of the endpoint and its chain, PEM. Read again when it changes. Loopback addresses do not use"
                    + " TLS.");
    public static final Keyword<String> KEY = Keyword.of(
            "tls_key",
            HTTP,
            TextTypes.text("FILE"),
            "in the file of tls_certificate",
            "Private key of the certificate, PEM.");

    public static final List<Keyword<?>> ALL = List.of(BLOCK, LISTEN, HOST, TOKEN_FILE, CERTIFICATE, KEY);

    private HttpServerKeywords() {}
}
