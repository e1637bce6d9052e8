package io.lvsd.ipvs.model;

/** Connection timeouts in whole seconds, {@code IPVS_CMD_ATTR_TIMEOUT_*}; when setting, 0 keeps the present value. */
public record IpvsTimeouts(long tcp, long tcpFin, long udp) {}
