package io.lvsd.ipvs.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OutBufferTest {
    /** Operations in random order reach each place where the buffer grows with each operation. */
    @Test
    void holdsWhatWasAppendedWhereverItGrows() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            OutBuffer out = new OutBuffer();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int i = 0; i < 300; i++) {
                append(random, out, expected);
            }
            assertEquals(expected.size(), out.size());
            assertArrayEquals(expected.toByteArray(), out.toByteArray(), "seed " + seed);
        }
    }

    private static void append(Random random, OutBuffer out, ByteArrayOutputStream expected) {
        int value = random.nextInt();
        switch (random.nextInt(5)) {
            case 0 -> {
                out.putByte(value);
                expected.write(value);
            }
            case 1 -> {
                out.putShort(value);
                expected.writeBytes(hostOrder(2).putShort((short) value).array());
            }
            case 2 -> {
                out.putInt(value);
                expected.writeBytes(hostOrder(4).putInt(value).array());
            }
            case 3 -> {
                byte[] bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                out.put(bytes);
                expected.writeBytes(bytes);
            }
            default -> {
                out.align();
                expected.writeBytes(new byte[-expected.size() & 3]);
            }
        }
    }

    @Test
    void numbersAreReplacedInPlace() {
        OutBuffer out = new OutBuffer();
        out.putInt(-1);
        out.putInt(-1);
        out.setShort(0, 0x1234);
        out.setInt(4, 0x5678_9abc);
        assertEquals(0x1234, out.getShort(0));
        assertArrayEquals(
                hostOrder(8)
                        .putShort((short) 0x1234)
                        .putShort((short) -1)
                        .putInt(0x5678_9abc)
                        .array(),
                out.toByteArray());
    }

    @Test
    void isEmptyAfterItWasCleared() {
        OutBuffer out = new OutBuffer();
        out.put(new byte[1000]);
        out.clear();
        out.putByte(7);
        assertArrayEquals(new byte[] {7}, out.toByteArray());
    }

    private static ByteBuffer hostOrder(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}
