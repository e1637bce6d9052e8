package io.lvsd.conf.keyword;

/** Which value applies if a keyword is repeated in a block. */
public enum DuplicatePolicy {
    /** The last one: an include may override it. */
    LAST,
    /** The last one, and the repetition is an error. */
    LAST_REPORTED,
    /** The first one, and the repetition is an error. */
    FIRST_REPORTED,
    /** All of them. */
    ALL
}
