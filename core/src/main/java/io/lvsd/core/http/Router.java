package io.lvsd.core.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds the route of a request. Immutable. */
public final class Router {
    private static final int NOT_FOUND = 404;

    private final List<Route> routes;

    public Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /**
     * A route that matches a request.
     *
     * @param parameters of the path, by name
     */
    record Match(Route route, Map<String, String> parameters) {}

    /** All routes, in their order. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * The first route for a method and a path. A HEAD is a GET whose response has no body.
     *
     * @throws ProblemException if there is none
     */
    Match match(String method, List<String> segments) throws ProblemException {
        String searched = method.equals("HEAD") ? "GET" : method;
        SortedSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = parameters(route.segments(), segments);
            if (parameters.isPresent()) {
                if (route.method().equals(searched)) {
                    return new Match(route, parameters.get());
                }
                allowed.add(route.method());
            }
        }
        if (allowed.isEmpty()) {
            throw new ProblemException(Problem.of(NOT_FOUND, "not-found", "Not found", "no resource has this path")
                    .remedy("/api/v1/openapi.json lists the paths; encode a slash in a name as %2F"));
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        throw new ProblemException(RequestProblems.methodNotAllowed(List.copyOf(allowed)));
    }

    private static Optional<Map<String, String>> parameters(List<String> template, List<String> segments) {
        if (template.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String expected = template.get(i);
            if (expected.startsWith("{") && !segments.get(i).isEmpty()) {
                parameters.put(expected.substring(1, expected.length() - 1), segments.get(i));
            } else if (!expected.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }
}
