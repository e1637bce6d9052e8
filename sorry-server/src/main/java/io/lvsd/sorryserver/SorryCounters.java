package io.lvsd.sorryserver;

/**
 * Counters of a virtual server. All but {@code open} only grow.
 *
 * @param virtualServer as in the setup of its listeners
 * @param open connections now
 * @param connections accepted
 * @param pages responses with the page, in any form (HTML, JSON, text, gRPC)
 * @param assets responses with a file of the document root
 * @param relayed connections that were relayed
 * @param others banners, resets and DNS responses
 * @param limited connections that were closed because of a limit on connections, memory or time
 * @param failed connections that were closed because of an invalid request or a failed TLS handshake
 */
public record SorryCounters(
        String virtualServer,
        long open,
        long connections,
        long pages,
        long assets,
        long relayed,
        long others,
        long limited,
        long failed) {}
