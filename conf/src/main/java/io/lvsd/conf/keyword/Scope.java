package io.lvsd.conf.keyword;

/** The kinds of block in which keywords stand. */
public enum Scope {
    ROOT,
    GLOBAL_DEFS,
    SSL,
    VIRTUAL_SERVER_GROUP,
    VIRTUAL_SERVER,
    REAL_SERVER,
    TCP_CHECK,
    HTTP_CHECK,
    URL,
    LVSD,
    SNMP,
    HTTP,
    SORRY_PAGE
}
