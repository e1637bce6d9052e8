package io.lvsd.ipvs.model;

/** Range checks of 16-bit ports. */
final class Ports {
    private Ports() {}

    static void check(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
    }
}
