package io.lvsd.conf.value;

/** What happens to changes that others make to our services. */
public enum Repair {
    /** Removed entries are restored, changed attributes are reported. */
    MISSING,
    /** Removed entries and changed attributes are restored. */
    ON,
    /** All changes are reported, none is undone. */
    REPORT
}
