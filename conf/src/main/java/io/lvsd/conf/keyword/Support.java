package io.lvsd.conf.keyword;

/** What this version does with a keyword. */
public enum Support {
    /** It has its effect. */
    SUPPORTED,
    /** It is validated, and has no effect. */
    IGNORED,
    /** It belongs to keepalived's VRRP or BFD daemon: skipped with a warning. */
    VRRP_ONLY
}
