package io.lvsd.conf.value;

/** What happens to live real servers while the sorry server is in use because the quorum is lost. */
public enum SorryMode {
    /** They leave the table, as with keepalived. */
    REPLACE,
    /** They stay next to the sorry server, with their weights. */
    ADD
}
