package io.lvsd.checkers.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.List;

/** What a {@link ChannelConnection} carries. Used by the thread of one loop. */
interface ChannelProtocol {
    /** The protocols that are offered by ALPN; none: no ALPN. */
    List<String> alpn();

    /** Adds handlers after those of TLS. */
    void addHandlers(ChannelPipeline pipeline);

    /**
     * The connection is established, with TLS if the check uses it.
     *
     * @param hint may explain errors of the peer; added to their details
     */
    void connected(Channel channel, String hint);

    /** Sends bytes of the protocol. */
    void send(byte[] bytes);

    /** Bytes of the peer that no handler has taken. */
    void received(byte[] bytes);

    /** The peer has closed the connection, or has ended TLS with close_notify. */
    void closed();

    /** The connection was reset after the TLS handshake. */
    void reset(String detail);

    /** Status code of the response, as {@link io.lvsd.checkers.protocol.Exchange#status}. */
    int status();

    /** Called once, after the result was reported. */
    void release();
}
