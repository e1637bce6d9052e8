package io.lvsd.conf.keyword;

/** What this version does with a keyword. */
public enum Support {
    /** It has its effect. */
    ACTED_ON,
    /** It is part of the language, and this version says that it has no effect. */
    NOT_YET,
    /** It belongs to another daemon or to another kind of program; skipped with a warning. */
    FOREIGN
}
