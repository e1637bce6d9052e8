package io.lvsd.conf.value;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Connections are synchronised with another director: both roles, for the life of the daemon.
 *
 * @param id 0 to 255
 * @param maxLength of messages; 0 is the kernel's default
 * @param group multicast address; empty: the kernel's default
 * @param port 0 is the kernel's default
 * @param ttl 0 is the kernel's default
 */
public record SyncDaemonConfig(
        String networkInterface, int id, int maxLength, Optional<InetAddress> group, int port, int ttl) {}
