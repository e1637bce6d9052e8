package io.lvsd.ipvs.embedded;

/** What takes a service's connections or datagrams in. */
interface Listener extends AutoCloseable {
    /** Takes no more in; what was taken in goes on to its end. Not on an event loop. */
    @Override
    void close();
}
