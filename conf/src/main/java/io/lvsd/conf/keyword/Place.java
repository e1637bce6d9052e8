package io.lvsd.conf.keyword;

/** Where a keyword is allowed: in one block, or in every block with a trait. */
public sealed interface Place permits Scope, Trait {}
