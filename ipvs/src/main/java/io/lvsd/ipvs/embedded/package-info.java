/**
 * A table that forwards by itself, in user space: services listen, destinations are connected to, the kernel's schedulers
 * choose. Clients are hidden behind the director's own address, as behind any proxy.
 */
package io.lvsd.ipvs.embedded;
