package io.lvsd.ipvs.model;

import java.util.Locale;

/** Transport protocol of a service, with its number of RFC 5237's registry. IPVS balances no other. */
public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** {@code tcp}, {@code udp}, {@code sctp}. */
    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for a protocol that IPVS does not balance */
    public static Protocol of(int number) {
        for (Protocol protocol : values()) {
            if (protocol.number == number) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("protocol " + number);
    }
}
