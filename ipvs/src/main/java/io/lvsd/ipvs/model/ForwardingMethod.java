package io.lvsd.ipvs.model;

/**
 * How packets reach a destination: {@code IP_VS_CONN_F_FWD_MASK} (0x7) of {@code IPVS_DEST_ATTR_FWD_METHOD}. A number
 * that this program does not know stays a number.
 */
public record ForwardingMethod(int number) {
    public static final ForwardingMethod MASQ = new ForwardingMethod(0);
    public static final ForwardingMethod LOCALNODE = new ForwardingMethod(1);
    public static final ForwardingMethod TUNNEL = new ForwardingMethod(2);
    public static final ForwardingMethod DROUTE = new ForwardingMethod(3);

    private static final int FWD_MASK = 0x7;

    /** From the kernel's connection flags, of which only the forwarding bits count. */
    public static ForwardingMethod ofConnectionFlags(long flags) {
        int number = (int) (flags & FWD_MASK);
        return switch (number) {
            case 0 -> MASQ;
            case 1 -> LOCALNODE;
            case 2 -> TUNNEL;
            case 3 -> DROUTE;
            default -> new ForwardingMethod(number);
        };
    }

    /** The word that ipvsadm prints. */
    public String word() {
        return switch (number) {
            case 0 -> "Masq";
            case 1 -> "Local";
            case 2 -> "Tunnel";
            case 3 -> "Route";
            default -> "Method" + number;
        };
    }
}
