package io.lvsd.conf.keyword;

import io.lvsd.conf.source.Origin;
import java.net.InetAddress;

/**
 * An address with a port.
 *
 * @param port 0 if none was written
 */
public record Endpoint(InetAddress address, int port, Origin origin) {}
