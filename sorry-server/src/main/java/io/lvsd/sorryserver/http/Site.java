package io.lvsd.sorryserver.http;

import io.netty.handler.ssl.SslContext;
import io.netty.util.Mapping;
import java.util.Optional;

/** What the connections of a listener with HTTP get. Thread-safe; the values may differ from one call to the next. */
public interface Site {
    /** The pages now. */
    PageSource pages();

    /** Whether connections may stay open after a response: no, while the real servers serve. */
    boolean keepsConnections();

    /** The certificates by name of the server; empty: no TLS. */
    Optional<Mapping<String, SslContext>> certificates();
}
