package io.lvsd.conf.keyword;

import java.util.OptionalInt;

/**
 * A server that accepts mail. Its name is resolved when it is used.
 *
 * @param host name or address
 */
public record MailServer(String host, OptionalInt port) {}
