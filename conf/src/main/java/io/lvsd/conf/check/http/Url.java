package io.lvsd.conf.check.http;

import java.util.List;
import java.util.Optional;

/**
 * One request and the expected response.
 *
 * @param host value of the Host header
 * @param method GET, HEAD, …
 * @param headers whole lines, {@code Name: value}
 * @param body of the request
 * @param compressed whether compressed responses are accepted
 * @param redirects that are followed, 0 to 3, to the same address and port only
 * @param digest MD5 of the body in lower-case hex
 * @param json expected fields of the body
 * @param weight the part of the response that contains the weight
 */
public record Url(
        String path,
        String host,
        String method,
        List<String> headers,
        Optional<String> body,
        boolean compressed,
        int redirects,
        List<StatusRange> statusCodes,
        Optional<String> digest,
        Optional<Regex> regex,
        List<JsonMatch> json,
        Optional<WeightPart> weight) {
    public Url {
        headers = List.copyOf(headers);
        statusCodes = List.copyOf(statusCodes);
        json = List.copyOf(json);
    }

    /** Where a redirect leads. */
    public Url redirected(String target) {
        return new Url(
                target,
                host,
                method.equals("HEAD") ? method : "GET",
                headers,
                Optional.empty(),
                compressed,
                redirects - 1,
                statusCodes,
                digest,
                regex,
                json,
                weight);
    }

    /** A plain GET. */
    public Url(String path, String host, List<StatusRange> statusCodes, Optional<String> digest) {
        this(
                path,
                host,
                "GET",
                List.of(),
                Optional.empty(),
                false,
                0,
                statusCodes,
                digest,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }
}
