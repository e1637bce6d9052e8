package io.lvsd.core.api;

import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import java.util.List;

/** Parameters of the query. */
final class Parameters {
    private static final String NUMBER = "\\d{1,18}";

    private Parameters() {}

    /** @throws ProblemException if the query has another parameter */
    static void allow(Request request, String... names) throws ProblemException {
        List<String> known = List.of(names);
        for (String name : request.queryNames()) {
            if (!known.contains(name)) {
                throw ApiProblems.unknownParameter(name, known).exception();
            }
        }
    }

    /** @throws ProblemException if the value is malformed or outside of the range */
    static long number(Request request, String name, long min, long max, long otherwise) throws ProblemException {
        String text = request.query(name).orElse(Long.toString(otherwise));
        long value = text.matches(NUMBER) ? Long.parseLong(text) : -1;
        if (value < min || value > max) {
            throw ApiProblems.parameter(name, "a number from " + min + " to " + max)
                    .exception();
        }
        return value;
    }

    /** @throws ProblemException if the value is another word */
    static String choice(Request request, String name, List<String> choices) throws ProblemException {
        String value = request.query(name).orElse(choices.getFirst());
        if (!choices.contains(value)) {
            throw ApiProblems.parameter(name, "one of: " + String.join(" ", choices))
                    .candidates(choices)
                    .exception();
        }
        return value;
    }
}
