package io.lvsd.checkers.protocol;

import io.netty.handler.codec.http2.Http2Headers;

/** A request of HTTP/2 and its answer, without a socket. Used by one thread. */
public interface Http2Exchange {
    Http2Headers headers();

    /** Nothing if the request has none. */
    byte[] body();

    /** The head of the answer, or its trailers. */
    Exchange.Move headers(Http2Headers headers, boolean end);

    Exchange.Move data(byte[] bytes, boolean end);

    /** As {@link Exchange#letGo}. */
    default void letGo() {}

    /** As {@link Exchange#kept}. */
    default int kept() {
        return 0;
    }
}
