package io.lvsd.conf.model;

import io.lvsd.conf.value.Forwarding;

/**
 * The server that receives connections while a virtual server has no quorum.
 *
 * @param inhibit keep it in the table at weight 0 while it is not needed
 */
public record SorryServerConfig(RsId id, Forwarding forwarding, boolean inhibit) {}
