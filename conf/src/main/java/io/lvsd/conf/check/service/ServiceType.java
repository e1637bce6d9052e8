package io.lvsd.conf.check.service;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Types of servers that SERVICE_CHECK supports. */
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
    MEMCACHED,
    BEANSTALKD;

    /** The value in a configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether probes are datagrams. */
    public boolean isUdp() {
        return this == SIP || this == RADIUS || this == NTP;
    }

    /** Whether the server replies only to clients that share a secret with it. */
    public boolean needsSecret() {
        return this == RADIUS;
    }

    /** The values in a configuration. */
    public static Map<String, ServiceType> words() {
        Map<String, ServiceType> words = new TreeMap<>();
        for (ServiceType type : values()) {
            words.put(type.word(), type);
        }
        words.put("mariadb", MYSQL);
        return Map.copyOf(words);
    }
}
