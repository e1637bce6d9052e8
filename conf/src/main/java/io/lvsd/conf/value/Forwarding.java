package io.lvsd.conf.value;

/**
 * How packets reach a real server ({@code lvs_method}).
 *
 * @param port UDP port of GUE, else 0
 */
public record Forwarding(Method method, Encapsulation encapsulation, int port, Checksum checksum) {
    /** Network address translation, direct routing, tunnel. */
    public enum Method {
        NAT,
        DR,
        TUN
    }

    /** What wraps a tunnelled packet. */
    public enum Encapsulation {
        IPIP,
        GUE,
        GRE
    }

    /** Checksum option of a tunnel. */
    public enum Checksum {
        NOCSUM,
        CSUM,
        REMCSUM
    }

    public static final Forwarding NAT = of(Method.NAT);

    /** A method with plain encapsulation. */
    public static Forwarding of(Method method) {
        return new Forwarding(method, Encapsulation.IPIP, 0, Checksum.NOCSUM);
    }
}
