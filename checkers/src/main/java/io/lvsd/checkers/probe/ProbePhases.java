package io.lvsd.checkers.probe;

/**
 * How long the phases of a probe over the network took, in nanoseconds. A phase that did not end, or that the check does not
 * have, is {@link #NONE}.
 *
 * @param connect from the start until the connection was established; for TLS the TCP connection
 * @param tls the TLS handshake
 * @param firstByte from the established connection, TLS included, until the first byte of the server
 * @param response from the first byte until the result
 * @param status status code of the response, such as 200 of HTTP; 0 if the protocol has none, or it did not arrive
 */
public record ProbePhases(long connect, long tls, long firstByte, long response, int status) {
    /** Of a phase that did not end. */
    public static final long NONE = -1;

    /** Of a probe that is not made over the network, or did not connect. */
    public static final ProbePhases UNKNOWN = new ProbePhases(NONE, NONE, NONE, NONE, 0);
}
