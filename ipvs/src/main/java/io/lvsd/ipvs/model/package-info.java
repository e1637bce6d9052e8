/** Immutable values with the kernel's meaning (uapi/linux/ip_vs.h) and no bytes. */
package io.lvsd.ipvs.model;
