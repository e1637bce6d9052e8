package io.lvsd.conf.check.service;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Kinds of servers that SERVICE_CHECK knows. */
public enum ServiceType {
    REDIS,
    POSTGRESQL,
    MYSQL,
    LDAP,
    IMAP,
    POP3,
    SIP,
    RADIUS,
    NTP,
    MEMCACHED;

    /** The word in a configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is asked by a datagram. */
    public boolean isUdp() {
        return this == SIP || this == RADIUS || this == NTP;
    }

    /** The type that a word means; null for none. */
    public static @Nullable ServiceType of(String word) {
        for (ServiceType type : values()) {
            if (type.word().equals(word) || type == MYSQL && word.equals("mariadb")) {
                return type;
            }
        }
        return null;
    }
}
