package io.lvsd.core.api;

import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import io.lvsd.core.http.Response;
import io.lvsd.core.http.Route;
import io.lvsd.core.http.TextStream;
import io.lvsd.core.http.Workers;
import io.lvsd.core.operations.NameLookup;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.view.EventReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Events: as a stream for clients that accept one, otherwise as JSON. */
final class EventRoutes {
    private static final String VS = "vs";
    private static final String STREAM = "text/event-stream";
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final EventRing ring;
    private final ReadRoutes.StatusSource status;
    private final EventStreams streams;

    /** @param status for the names of virtual servers */
    EventRoutes(EventRing ring, ReadRoutes.StatusSource status) {
        this(ring, status, HEARTBEAT);
    }

    /** @param heartbeat of a stream */
    EventRoutes(EventRing ring, ReadRoutes.StatusSource status, Duration heartbeat) {
        this.ring = ring;
        this.status = status;
        this.streams = new EventStreams(ring, heartbeat);
    }

    /** Number of streams. */
    int streamCount() {
        return streams.size();
    }

    /** @param reports for lists of events */
    List<Route> routes(Workers reports) {
        Route.StreamHandler handler = new Route.StreamHandler() {
            @Override
            public void check(Request request) throws ProblemException {
                Parameters.allow(request, "since");
                streams.requireRoom();
            }

            @Override
            public void open(Request request, TextStream stream) {
                streams.open(request, stream);
            }
        };
        Route.Choice choice = new Route.Choice(
                r -> r.header("accept").orElse("").contains(STREAM),
                new Route.Streaming(STREAM, handler),
                new Route.Blocking(reports, this::list));
        return List.of(new Route("GET", ApiPaths.ROOT + "/events", false, choice));
    }

    private Response list(Request request) throws ProblemException {
        Parameters.allow(request, "since", "limit", VS);
        long since = Parameters.number(request, "since", 0, Long.MAX_VALUE, 0);
        int limit = (int) Parameters.number(request, "limit", 1, EventRing.LENGTH, EventRing.LENGTH);
        EventRing.Part part = ring.since(since, EventRing.LENGTH);
        Optional<String> vs = request.query(VS).isPresent()
                ? Optional.of(virtualServer(request.query(VS).get()))
                : Optional.empty();
        List<EventRing.Entry> found = part.entries().stream()
                .filter(e -> vs.isEmpty() || e.has(VS, vs.get()))
                .toList();
        List<EventRing.Entry> shown = found.subList(0, Math.min(limit, found.size()));
        long last = shown.size() < found.size() ? shown.getLast().id() : part.last();
        return Response.json(new EventReport.Several(
                shown.stream().map(EventRing.Entry::report).toList(), last, part.missed()));
    }

    /** The identity of a virtual server by one of its names; also of one that is gone, as long as it has events. */
    private String virtualServer(String name) throws ProblemException {
        boolean known = ring.since(0, EventRing.LENGTH).entries().stream().anyMatch(e -> e.has(VS, name));
        if (known) {
            return name;
        }
        try {
            return NameLookup.virtualServer(status.get().state(), name)
                    .config()
                    .id()
                    .text();
        } catch (LookupException e) {
            throw ApiProblems.unknown(e).exception();
        }
    }
}
