/** IPVS values to netlink attributes and back, without a socket. */
package io.lvsd.ipvs.codec;
