package io.lvsd.core.http;

import java.time.Duration;

/** Sees each request when its response is sent. Called on the event loop, which it must not block. */
public interface RequestObserver {
    /** Ignores all requests. */
    RequestObserver NONE = (_, _, _) -> {};

    /**
     * A response is sent.
     *
     * @param route template of the path; {@code other} if the request was refused before it had one
     * @param status of the response
     * @param duration from the head of the request to the response
     */
    void responded(String route, int status, Duration duration);
}
