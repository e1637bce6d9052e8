package io.lvsd.ipvs.model;

/**
 * The attributes of a service, normalised so that what was written and what the kernel reports compare equal.
 *
 * @param scheduler kernel name, such as {@code wlc}
 * @param flags {@code IP_VS_SVC_F_*} without {@code HASHED}, which is the kernel's own
 * @param persistenceTimeout whole seconds; 0 exactly if {@code PERSISTENT} is not among the flags
 * @param netmask of persistence: for IPv4 the mask as a number (255.255.255.0 is 0xffffff00), for IPv6 a prefix length
 *     of 1 to 128; without persistence the whole address
 * @param persistenceEngine kernel name such as {@code sip}, or empty
 */
public record IpvsService(
        ServiceKey key, String scheduler, long flags, long persistenceTimeout, long netmask, String persistenceEngine) {
    /** {@code IP_VS_SVC_F_PERSISTENT}. */
    public static final long PERSISTENT = 0x01;
    /** {@code IP_VS_SVC_F_HASHED}: set by the kernel on every service. */
    public static final long HASHED = 0x02;
    /** {@code IP_VS_SVC_F_ONEPACKET}. */
    public static final long ONE_PACKET = 0x04;
    /** {@code IP_VS_SVC_F_SCHED1}: sh-fallback, mh-fallback. */
    public static final long SCHED1 = 0x08;
    /** {@code IP_VS_SVC_F_SCHED2}: sh-port, mh-port. */
    public static final long SCHED2 = 0x10;
    /** {@code IP_VS_SVC_F_SCHED3}. */
    public static final long SCHED3 = 0x20;

    public IpvsService {
        flags &= ~HASHED;
        if ((flags & PERSISTENT) == 0) {
            persistenceTimeout = 0;
            persistenceEngine = "";
            netmask = wholeAddress(key.family());
        }
    }

    /** A service without persistence or flags. */
    public static IpvsService of(ServiceKey key, String scheduler) {
        return new IpvsService(key, scheduler, 0, 0, wholeAddress(key.family()), "");
    }

    /** The netmask that distinguishes all clients. */
    public static long wholeAddress(AddressFamily family) {
        return family == AddressFamily.INET ? 0xffff_ffffL : 128;
    }

    public boolean persistent() {
        return (flags & PERSISTENT) != 0;
    }
}
