package io.lvsd.conf.value;

/** Idle timeouts of connections, in seconds, 0 to 2678400; 0 keeps the kernel's value. */
public record Timeouts(long tcp, long tcpFin, long udp) {}
