package io.lvsd.conf.load;

import io.lvsd.conf.value.IpFamily;

/**
 * The address families of a virtual server.
 *
 * @param main of a virtual server with both, that of its persistence_granularity
 * @param both whether it has addresses or marks of both: only tunnels can serve it
 */
record Families(IpFamily main, boolean both) {}
