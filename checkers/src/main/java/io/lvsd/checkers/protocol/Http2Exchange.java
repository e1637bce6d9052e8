package io.lvsd.checkers.protocol;

import io.netty.handler.codec.http2.Http2Headers;

/** A request over HTTP/2 and its response, like {@link Exchange}: it knows no connection, and one thread uses it. */
public interface Http2Exchange {
    /** The header fields of the request. */
    Http2Headers headers();

    /** The body of the request; empty if it has none. */
    byte[] body();

    /** Header fields of the response, or its trailers. */
    Exchange.Action headers(Http2Headers headers, boolean end);

    /** More bytes of the body. */
    Exchange.Action data(byte[] bytes, boolean end);

    /** As {@link Exchange#status}. */
    default int status() {
        return 0;
    }

    /** As {@link Exchange#release}. */
    default void release() {}

    /** As {@link Exchange#buffered}. */
    default int buffered() {
        return 0;
    }
}
