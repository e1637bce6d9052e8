package io.lvsd.core.http;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A problem document (RFC 9457). The names of the components are those of the JSON.
 *
 * @param type identifies the kind of problem
 * @param title the kind of problem in words
 * @param status of HTTP
 * @param detail what happened
 * @param remedy what to do
 * @param retryAfterSeconds when the request may be repeated
 * @param candidates values that would have been possible
 * @param report the result of the request, as after a success
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        Optional<String> remedy,
        OptionalLong retryAfterSeconds,
        Optional<List<String>> candidates,
        Optional<Record> report) {
    private static final String PREFIX = "urn:lvsd:";

    /** @param kind in lower case with hyphens, such as {@code not-found} */
    public static Problem of(int status, String kind, String title, String detail) {
        return new Problem(
                PREFIX + kind,
                title,
                status,
                detail,
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** With what to do. */
    public Problem remedy(String text) {
        return new Problem(type, title, status, detail, Optional.of(text), retryAfterSeconds, candidates, report);
    }

    /** With when to try again, which is also the remedy. */
    public Problem retryAfter(long seconds) {
        return new Problem(
                type,
                title,
                status,
                detail,
                Optional.of("try again in " + seconds + " s"),
                OptionalLong.of(seconds),
                candidates,
                report);
    }

    public Problem candidates(List<String> values) {
        return new Problem(
                type, title, status, detail, remedy, retryAfterSeconds, Optional.of(List.copyOf(values)), report);
    }

    public Problem report(Record result) {
        return new Problem(type, title, status, detail, remedy, retryAfterSeconds, candidates, Optional.of(result));
    }

    public ProblemException exception() {
        return new ProblemException(this);
    }
}
