package io.lvsd.ipvs.embedded.flow;

/** What takes a service's connections or datagrams in. */
public interface Listener extends AutoCloseable {
    /** Takes no more in; what was taken in goes on to its end. Not on an event loop. */
    @Override
    void close();
}
