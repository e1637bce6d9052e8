package io.lvsd.ipvs.embedded.scheduler;

/**
 * SipHash-1-3 (Aumasson and Bernstein, 2012, with one round per word and three at the end) of one 32-bit word, cut to 32
 * bits: what the kernel's {@code hsiphash()} is on 64-bit machines.
 */
final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private SipHash(long key0, long key1) {
        v0 = 0x736f6d6570736575L ^ key0;
        v1 = 0x646f72616e646f6dL ^ key1;
        v2 = 0x6c7967656e657261L ^ key0;
        v3 = 0x7465646279746573L ^ key1;
    }

    /** The low half of the hash of {@code word}'s four bytes in little-endian order. */
    static int of(int word, long key0, long key1) {
        SipHash state = new SipHash(key0, key1);
        long block = (long) Integer.BYTES << 56 | word & 0xffff_ffffL;
        state.v3 ^= block;
        state.round();
        state.v0 ^= block;
        state.v2 ^= 0xff;
        state.round();
        state.round();
        state.round();
        return (int) (state.v0 ^ state.v1 ^ state.v2 ^ state.v3);
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
