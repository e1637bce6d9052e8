package io.lvsd.core.http;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A resource and what it does.
 *
 * @param method {@code GET} serves HEAD, too
 * @param path a template such as {@code /api/v1/virtual-servers/{vs}}
 * @param writes whether it changes something, so that it requires a token with this right
 */
public record Route(String method, String path, boolean writes, Action action) {
    /** What a route does. */
    public sealed interface Action {}

    /** Responds at once, on the event loop, which it must not block. */
    public record Immediate(Handler handler) implements Action {}

    /** Responds on a thread of a pool, and may block. */
    public record Blocking(Workers workers, Handler handler) implements Action {}

    /** Responds with a stream that has no end, on the event loop. A HEAD gets its header. */
    public record Streaming(String contentType, StreamHandler handler) implements Action {}

    /** Responds with a stream to some requests. */
    public record Choice(Predicate<Request> streams, Streaming streaming, Action otherwise) implements Action {}

    /** Sends a stream. */
    public interface StreamHandler {
        /** @throws ProblemException if it is not sent */
        void check(Request request) throws ProblemException;

        /** The header was sent. */
        void open(Request request, TextStream stream);
    }

    /** Makes the response of a request. */
    public interface Handler {
        /** @throws ProblemException if the request cannot be carried out */
        Response handle(Request request) throws ProblemException;
    }

    /** A GET that responds on the event loop. */
    public static Route get(String path, Handler handler) {
        return new Route("GET", path, false, new Immediate(handler));
    }

    /** A GET whose response takes time. */
    public static Route get(String path, Workers workers, Handler handler) {
        return new Route("GET", path, false, new Blocking(workers, handler));
    }

    /** A POST that changes something. */
    public static Route post(String path, Workers workers, Handler handler) {
        return new Route("POST", path, true, new Blocking(workers, handler));
    }

    /** A DELETE that changes something. */
    public static Route delete(String path, Workers workers, Handler handler) {
        return new Route("DELETE", path, true, new Blocking(workers, handler));
    }

    List<String> segments() {
        return Arrays.stream(path.split("/", -1)).filter(s -> !s.isEmpty()).toList();
    }
}
