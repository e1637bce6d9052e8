package io.lvsd.core.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;

/** Problems of requests that the endpoint cannot read or does not admit. */
final class RequestProblems {
    private static final int BAD_REQUEST = 400;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;
    private static final int TARGET_TOO_LONG = 414;
    private static final int EXPECTATION_FAILED = 417;
    private static final int HEADER_TOO_LARGE = 431;
    private static final int VERSION_NOT_SUPPORTED = 505;

    private RequestProblems() {}

    static Problem malformed(String detail) {
        return Problem.of(BAD_REQUEST, "malformed-request", "Malformed request", detail)
                .remedy("send a request as in RFC 9112");
    }

    /** A request line or header that cannot be decoded. */
    static Problem undecodable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                Problem.of(
                        TARGET_TOO_LONG,
                        "target-too-long",
                        "Target too long",
                        "the request line has more than " + HttpLimits.HEAD + " bytes");
            case TooLongHttpHeaderException _ ->
                Problem.of(
                        HEADER_TOO_LARGE,
                        "header-too-large",
                        "Header too large",
                        "the header fields have more than " + HttpLimits.HEAD + " bytes");
            default -> malformed("the request line or the header is malformed");
        };
    }

    static Problem version() {
        return Problem.of(
                        VERSION_NOT_SUPPORTED,
                        "version-not-supported",
                        "HTTP version not supported",
                        "expected HTTP/1.1 or HTTP/1.0")
                .remedy("use HTTP/1.1");
    }

    static Problem expectation() {
        return Problem.of(
                EXPECTATION_FAILED,
                "expectation-failed",
                "Expectation failed",
                "expected no Expect header, or 100-continue");
    }

    static Problem methodNotAllowed(List<String> allowed) {
        return Problem.of(
                        METHOD_NOT_ALLOWED,
                        "method-not-allowed",
                        "Method not allowed",
                        "this resource does not support the method of the request")
                .candidates(allowed);
    }

    static Problem bodyTooLarge(int limit) {
        return Problem.of(TOO_LARGE, "body-too-large", "Body too large", "the body has more than " + limit + " bytes");
    }
}
