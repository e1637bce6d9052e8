package io.lvsd.conf.keyword;

import java.util.Locale;
import java.util.Set;

/** The kinds of block in which keywords stand. */
public enum Scope {
    ROOT,
    GLOBAL_DEFS,
    SSL,
    TRACK_FILE,
    BFD_INSTANCE,
    VIRTUAL_SERVER,
    REAL_SERVER,
    TCP_CHECK,
    HTTP_CHECK,
    URL,
    SMTP_CHECK,
    SMTP_HOST,
    DNS_CHECK,
    MISC_CHECK,
    UDP_CHECK,
    PING_CHECK,
    FILE_CHECK,
    BFD_CHECK,
    GRPC_CHECK,
    SERVICE_CHECK,
    WEIGHT_FROM,
    LVSD,
    WEBHOOK,
    SNMP,
    HTTP,
    SORRY_PAGE;

    /** Checks that send something to an address. */
    static final Set<Scope> CONNECTING =
            Set.of(TCP_CHECK, HTTP_CHECK, SMTP_CHECK, DNS_CHECK, UDP_CHECK, PING_CHECK, GRPC_CHECK, SERVICE_CHECK);

    /** Checks that run again and again. */
    static final Set<Scope> CHECKS = Registry.and(CONNECTING, MISC_CHECK);

    /** Every kind of check of a real server. */
    static final Set<Scope> ALL_CHECKS = Registry.and(CHECKS, FILE_CHECK, BFD_CHECK);

    /** Checks that may speak TLS. */
    static final Set<Scope> OVER_TLS = Set.of(HTTP_CHECK, GRPC_CHECK, SERVICE_CHECK);

    /** The block's keyword, as messages and the documentation write it. */
    String title() {
        return switch (this) {
            case ROOT -> "the top level of the file";
            case HTTP_CHECK -> "HTTP_GET { }";
            case SMTP_HOST -> "SMTP_CHECK { host { } }";
            case SSL,
                    TCP_CHECK,
                    SMTP_CHECK,
                    DNS_CHECK,
                    MISC_CHECK,
                    UDP_CHECK,
                    PING_CHECK,
                    FILE_CHECK,
                    BFD_CHECK,
                    GRPC_CHECK,
                    SERVICE_CHECK -> name() + " { }";
            case GLOBAL_DEFS,
                    TRACK_FILE,
                    BFD_INSTANCE,
                    VIRTUAL_SERVER,
                    REAL_SERVER,
                    URL,
                    WEIGHT_FROM,
                    LVSD,
                    WEBHOOK,
                    SNMP,
                    HTTP,
                    SORRY_PAGE -> name().toLowerCase(Locale.ROOT) + " { }";
        };
    }
}
