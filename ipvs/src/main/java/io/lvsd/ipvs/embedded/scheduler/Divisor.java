package io.lvsd.ipvs.embedded.scheduler;

/** The greatest common divisor, in which 0 does not count. */
final class Divisor {
    private Divisor() {}

    static long common(long a, long b) {
        long left = a;
        long right = b;
        while (right != 0) {
            long rest = left % right;
            left = right;
            right = rest;
        }
        return left;
    }
}
