package io.lvsd.conf.model;

import io.lvsd.conf.source.Origin;

/**
 * The server that stands in while a virtual server has no quorum.
 *
 * @param inhibit keep it in the table at weight 0 while it is not needed
 */
public record SorryServerConfig(RsId id, Forwarding forwarding, boolean inhibit, Origin origin) {}
