package io.lvsd.conf.value;

/** What programs the IPVS table. */
public enum Driver {
    /** The kernel if it has IPVS, else {@link #EMBEDDED} if the configuration works the same there. */
    AUTO,
    /** The kernel's IPVS. */
    KERNEL,
    /** The daemon forwards connections itself, in user space. */
    EMBEDDED,
    /** None: a dry run. */
    MEMORY
}
