package io.lvsd.core.http;

/** Problems of clients without access. */
final class AccessProblems {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int UNSUPPORTED_TYPE = 415;
    private static final int MISDIRECTED = 421;
    private static final int TOO_MANY = 429;
    private static final String LINE = "NAME TOKEN write";

    private AccessProblems() {}

    static Problem wrongHost() {
        return Problem.of(
                        MISDIRECTED,
                        "unknown-host",
                        "Unknown host",
                        "the Host header is neither a listen address, nor localhost, nor a configured name")
                .remedy("use the address of the endpoint, or add the name to the configuration: http { host NAME }");
    }

    static Problem tokenRequired() {
        return Problem.of(UNAUTHORIZED, "token-required", "Token required", "the request has no token")
                .remedy("send the header: Authorization: Bearer TOKEN, with a token of the token_file");
    }

    static Problem unsupportedScheme() {
        return Problem.of(
                        UNAUTHORIZED,
                        "token-required",
                        "Token required",
                        "the Authorization header has an unsupported scheme")
                .remedy("send the header: Authorization: Bearer TOKEN");
    }

    static Problem unknownToken() {
        return Problem.of(UNAUTHORIZED, "unknown-token", "Unknown token", "the token is not in the token_file")
                .remedy("use a token of the token_file; it is read again within seconds of a change");
    }

    static Problem readOnly(String name) {
        return Problem.of(
                        FORBIDDEN,
                        "read-only-token",
                        "Token without write access",
                        "the token of '" + name + "' authorises requests that change nothing")
                .remedy("use a token whose line in the token_file is: " + LINE);
    }

    static Problem noTokens() {
        return Problem.of(
                        FORBIDDEN,
                        "no-tokens",
                        "No tokens configured",
                        "changes require a token, and no usable token_file is configured")
                .remedy("use the lvsd command on the host, or configure http { token_file FILE } with a line: " + LINE);
    }

    static Problem otherOrigin() {
        return Problem.of(
                FORBIDDEN,
                "other-origin",
                "Request from another site",
                "the Origin or Sec-Fetch-Site header names another site than this endpoint");
    }

    static Problem notJson() {
        return Problem.of(
                        UNSUPPORTED_TYPE,
                        "not-json",
                        "Unsupported media type",
                        "expected a body of the media type application/json")
                .remedy("send the header: Content-Type: application/json");
    }

    static Problem tooManyRequests(long seconds) {
        return Problem.of(TOO_MANY, "too-many-requests", "Too many requests", "this client sends too many requests")
                .retryAfter(seconds);
    }

    static Problem tooManyFailures(long seconds) {
        return Problem.of(
                        TOO_MANY,
                        "too-many-wrong-tokens",
                        "Too many wrong tokens",
                        "too many wrong tokens were sent; no token that is new at this address is accepted for some"
                                + " time")
                .retryAfter(seconds);
    }
}
