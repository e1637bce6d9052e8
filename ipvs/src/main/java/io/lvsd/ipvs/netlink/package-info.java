/** Netlink and generic netlink (linux/netlink.h, linux/genetlink.h). Knows nothing of IPVS. */
package io.lvsd.ipvs.netlink;
