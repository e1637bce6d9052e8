package io.lvsd.core.http;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The client of a request.
 *
 * @param user name of the token with which the request was authorised
 */
public record Client(InetAddress address, Optional<String> user) {}
