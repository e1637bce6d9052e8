package io.lvsd.ipvs.model;

/**
 * Encapsulation of a tunnel destination, {@code IPVS_DEST_ATTR_TUN_*} (uapi/linux/ip_vs.h).
 *
 * @param type 0 IPIP, 1 GUE, 2 GRE
 * @param port UDP port of GUE, else 0
 * @param flags checksum option: 0 none, 1 checksum, 2 remote checksum offload
 */
public record Tunnel(int type, int port, int flags) {
    public static final int IPIP = 0;
    public static final int GUE = 1;
    public static final int GRE = 2;
    public static final int NOCSUM = 0;
    public static final int CSUM = 1;
    public static final int REMCSUM = 2;

    /** Plain IPIP, which is also what the kernel reports for a destination that is not tunnelled. */
    public static final Tunnel NONE = new Tunnel(IPIP, 0, NOCSUM);

    public Tunnel {
        Ports.check(port);
    }
}
