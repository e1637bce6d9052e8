package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Scope.LVSD;
import static io.lvsd.conf.keyword.Scope.SORRY_HOST;
import static io.lvsd.conf.keyword.Scope.SORRY_PAGE;
import static io.lvsd.conf.keyword.Scope.VIRTUAL_SERVER;

import io.lvsd.conf.keyword.Shape.Simple;
import io.lvsd.conf.keyword.SorryTypes.CertificateAndKey;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.syntax.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** What the built-in sorry server sends, and where it listens. */
public final class SorryKeywords {
    /** In the {@code lvsd} block the default of all virtual servers. */
    private static final Set<Place> SERVERS = Set.of(LVSD, VIRTUAL_SERVER);

    private static final Set<Place> PAGES = Set.of(SORRY_PAGE, SORRY_HOST);
    private static final int DAY_SECONDS = 86_400;

    public static final Keyword<Long> SORRY_LISTEN = Keyword.of(
            "sorry_listen",
            SERVERS,
            NumberTypes.port(),
            "18080",
            "Port of the built-in sorry page or relay. Several virtual servers with one address get this port and the"
                    + " next free ones, unless it is set in their own block.");
    public static final Keyword<Statement> BLOCK = Keyword.of(
            "sorry_page",
            SERVERS,
            BlockTypes.block(SORRY_PAGE, Simple.OBJECT),
            "built-in page",
            "What the built-in sorry server sends. In lvsd: for all virtual servers; in a virtual_server, each keyword"
                    + " replaces that of the lvsd block.");
    public static final Keyword<String> ROOT = Keyword.of(
            "root",
            PAGES,
            HostTypes.naming(Kind.DOCUMENT_ROOT, TextTypes.text("DIRECTORY")),
            "built-in page",
            "Directory with 404.html and the files that it refers to.");
    public static final Keyword<Long> STATUS =
            Keyword.of("status", PAGES, NumberTypes.number(400, 599), "502", "HTTP status of the page.");
    public static final Keyword<String> REASON = Keyword.of(
            "reason", PAGES, SorryTypes.reason(), "Service temporarily down", "Reason phrase of the page, HTTP/1.");
    public static final Keyword<Long> RETRY_AFTER = Keyword.of(
            "retry_after",
            PAGES,
            TimeTypes.wholeTime(ChronoUnit.SECONDS, 0, DAY_SECONDS),
            "30",
            "Header Retry-After of the page; 0 omits it.");
    public static final Keyword<String> TITLE = Keyword.of(
            "title",
            PAGES,
            SorryTypes.text(SorryTypes.MAX_TITLE),
            "none",
            "Name of the site on the built-in page and in JSON.");
    public static final Keyword<String> MESSAGE = Keyword.of(
            "message",
            PAGES,
            SorryTypes.text(SorryTypes.MAX_MESSAGE),
            "a standard text",
            "Text of the built-in page and of the JSON response.");
    public static final Keyword<Instant> UNTIL = Keyword.of(
            "until",
            PAGES,
            TimeTypes.pointInTime(),
            "unknown",
            "When the service is expected again; Retry-After is then the remaining time. Without an offset, the time of"
                    + " this host.");
    public static final Keyword<CertificateAndKey> TLS = Keyword.of(
            "tls",
            SORRY_PAGE,
            SorryTypes.certificateAndKey(),
            "TLS is not accepted",
            "Certificate with its chain, and its private key, both PEM. May be repeated; the name that a client"
                    + " requests selects one.");
    public static final Keyword<String> BANNER = Keyword.of(
            "banner",
            SORRY_PAGE,
            SorryTypes.banner(),
            "none: HTTP",
            "Instead of HTTP: a line of text, after which the connection is closed, or reset to reset it.");
    public static final Keyword<List<Integer>> PORTS = Keyword.of(
            "ports",
            SORRY_PAGE,
            SorryTypes.ports(),
            "80 443",
            "Ports of the page for a virtual server without a port.");
    public static final Keyword<Endpoint> LISTEN = Keyword.of(
            "listen",
            SORRY_PAGE,
            AddressTypes.listen(80).shaped(Simple.TEXTS).duplicates(DuplicatePolicy.ALL),
            "none",
            "lvsd block only: address and port of 'lvsd sorry -f FILE'. May be repeated.");
    public static final Keyword<Statement> HOST = Keyword.of(
            "host",
            SORRY_PAGE,
            BlockTypes.block("NAME {", 1, 1, Simple.NAMED_OBJECTS).holding(SORRY_HOST),
            "none",
            "Page for requests with this Host. May be repeated. Other keywords are those of the sorry_page block.");

    public static final List<Keyword<?>> ALL = List.of(
            SORRY_LISTEN,
            BLOCK,
            ROOT,
            STATUS,
            REASON,
            RETRY_AFTER,
            TITLE,
            MESSAGE,
            UNTIL,
            TLS,
            BANNER,
            PORTS,
            LISTEN,
            HOST);

    private SorryKeywords() {}
}
