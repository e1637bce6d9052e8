package io.lvsd.ipvs.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.netlink.NetlinkException;
import io.lvsd.ipvs.netlink.NetlinkTransport;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What happens to the socket when the link breaks. */
final class KernelIpvsTest {
    @Test
    void afterLostRepliesTheNextCallOpensAnotherSocket() {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        KernelIpvs ipvs = new KernelIpvs(() -> {
            opened.incrementAndGet();
            return new NetlinkTransport() {
                @Override
                public void send(byte[] datagram) {}

                @Override
                public ByteBuffer receive() {
                    throw NetlinkException.of("netlink receive", Errno.ENOBUFS.number());
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        });
        for (int i = 1; i <= 2; i++) {
            NetlinkException e = assertThrows(NetlinkException.class, ipvs::read);
            assertTrue(e.is(Errno.ENOBUFS));
            assertEquals(i, opened.get());
            assertEquals(i, closed.get());
        }
    }
}
