package io.lvsd.conf.value;

import java.util.Locale;

/** Protocol of a virtual server. */
public enum TransportProtocol {
    TCP,
    UDP,
    SCTP;

    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }
}
