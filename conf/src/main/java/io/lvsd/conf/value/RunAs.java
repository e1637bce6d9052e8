package io.lvsd.conf.value;

import java.util.Optional;

/**
 * The user and group that a program runs as.
 *
 * @param user name or number
 * @param group name or number; empty: the user's own
 * @param allGroups whether the user's other groups are taken along
 */
public record RunAs(String user, Optional<String> group, boolean allGroups) {}
