package io.lvsd.conf.check.http;

import static io.lvsd.conf.keyword.NumberTypes.U32_MAX;

import io.lvsd.conf.check.http.HttpTypes.RegexOptions;
import io.lvsd.conf.check.probe.ProbeKeywords;
import io.lvsd.conf.check.regex.PcreExpression;
import io.lvsd.conf.keyword.BlockTypes;
import io.lvsd.conf.keyword.DuplicatePolicy;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.NumberTypes;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Shape.Simple;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.syntax.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keywords of HTTP_GET and SSL_GET. */
public final class HttpKeywords {
    /** The block {@code HTTP_GET} or {@code SSL_GET}. */
    public static final Scope CHECK = Scope.check("HTTP_CHECK", "HTTP_GET { }", Trait.CONNECTING, Trait.TLS);
    /** The block {@code url}. */
    public static final Scope URL = Scope.named("url");

    // ---- the check
    public static final Keyword<String> VIRTUALHOST = Keyword.of(
            "virtualhost",
            Set.of(Scope.VIRTUAL_SERVER, Scope.REAL_SERVER, CHECK, URL),
            TextTypes.text("NAME"),
            "address and port",
            "Host header of HTTP checks.");
    public static final Keyword<HttpVersion> HTTP_PROTOCOL = Keyword.of(
            "http_protocol",
            CHECK,
            TextTypes.mapped(Map.of(
                    "1.0",
                    HttpVersion.V1_0,
                    "1.0C",
                    HttpVersion.V1_0_CLOSE,
                    "1.0c",
                    HttpVersion.V1_0_CLOSE,
                    "1.1",
                    HttpVersion.V1_1,
                    "2",
                    HttpVersion.V2)),
            "1.0",
            "HTTP version; C adds Connection: close, 2 is HTTP/2 over TLS (ALPN) or h2c.");
    public static final Keyword<Boolean> FAST_RECOVERY = Keyword.of(
            "fast_recovery", CHECK, TextTypes.bool(), "off", "No delay between the urls of a check that is down.");
    public static final Keyword<Long> NB_GET_RETRY = Keyword.of(
                    "nb_get_retry", CHECK, NumberTypes.lenientNumber(0, U32_MAX), "1", "Deprecated: use retry.")
            .replacedBy(ProbeKeywords.CHECK_RETRY);
    public static final Keyword<Boolean> TLS_COMPLIANT = Keyword.of(
            "tls_compliant", Set.of(CHECK, URL), TextTypes.bool(), "off", "Send close_notify at the end of TLS.");
    public static final Keyword<Statement> URL_BLOCK =
            Keyword.of("url", CHECK, BlockTypes.block(URL, Simple.OBJECTS), "none", "One request. May be repeated.");

    // ---- a request
    public static final Keyword<String> PATH =
            Keyword.required("path", URL, TextTypes.text("PATH"), "Path of the request.");
    public static final Keyword<String> METHOD = Keyword.of(
            "method",
            URL,
            TextTypes.choice(List.of("GET", "HEAD", "POST", "PUT", "OPTIONS")),
            "GET",
            "Method of the request.");
    public static final Keyword<String> HEADER = Keyword.of(
            "header",
            URL,
            HttpTypes.header().shaped(Simple.TEXTS).duplicates(DuplicatePolicy.ALL),
            "none",
            "Header of the request. May be repeated.");
    public static final Keyword<String> BODY =
            Keyword.of("body", URL, TextTypes.text("TEXT"), "none", "Body of the request.");
    public static final Keyword<Boolean> COMPRESSION =
            Keyword.of("compression", URL, TextTypes.flag(), "off", "Accept compressed responses (gzip, deflate).");
    public static final Keyword<Long> REDIRECTS = Keyword.of(
            "redirects",
            URL,
            NumberTypes.number(0, 3),
            "0",
            "Maximum number of redirects to follow, to the same address and port only.");

    // ---- the expected response
    public static final Keyword<StatusCodes> STATUS_CODE =
            Keyword.of("status_code", URL, HttpTypes.statusCodes(), "200-299", "Status codes that pass the check.");
    public static final Keyword<String> DIGEST =
            Keyword.of("digest", URL, HttpTypes.digest(), "not checked", "MD5 sum that the body must have.");
    public static final Keyword<JsonMatch> JSON = Keyword.of(
            "json",
            URL,
            HttpTypes.json().shaped(Simple.NETWORKS).duplicates(DuplicatePolicy.ALL),
            "not checked",
            "Value that a field of a JSON body must have, as in: json db.state ok. May be repeated.");
    public static final Keyword<PcreExpression> REGEX =
            Keyword.of("regex", URL, HttpTypes.regex(), "not checked", "Regular expression that the body must match.");
    public static final Keyword<Boolean> REGEX_NO_MATCH =
            Keyword.of("regex_no_match", URL, TextTypes.flag(), "off", "The body must not match regex.");
    public static final Keyword<RegexOptions> REGEX_OPTIONS =
            Keyword.of("regex_options", URL, HttpTypes.regexOptions(), "none", "Options of regex.");
    public static final Keyword<Long> REGEX_MIN_OFFSET = Keyword.of(
            "regex_min_offset",
            URL,
            NumberTypes.lenientNumber(0, U32_MAX),
            "0",
            "Offset in the body from which a match may begin, in bytes.");
    public static final Keyword<Long> REGEX_MAX_OFFSET = Keyword.of(
            "regex_max_offset",
            URL,
            NumberTypes.lenientNumber(0, U32_MAX),
            "none",
            "Offset in the body before which a match must begin, in bytes.");
    public static final Keyword<List<Long>> REGEX_STACK = Keyword.of(
            "regex_stack",
            URL,
            NumberTypes.numbers("START MAX", 0, U32_MAX),
            "none",
            "No effect: the number of steps of a search is limited instead.");

    public static final List<Keyword<?>> ALL = List.of(
            VIRTUALHOST,
            HTTP_PROTOCOL,
            FAST_RECOVERY,
            NB_GET_RETRY,
            TLS_COMPLIANT,
            URL_BLOCK,
            PATH,
            METHOD,
            HEADER,
            BODY,
            COMPRESSION,
            REDIRECTS,
            STATUS_CODE,
            DIGEST,
            JSON,
            REGEX,
            REGEX_NO_MATCH,
            REGEX_OPTIONS,
            REGEX_MIN_OFFSET,
            REGEX_MAX_OFFSET,
            REGEX_STACK);

    private HttpKeywords() {}
}
