package io.lvsd.ipvs.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Layouts beside the C header, and the calls on a socket that any user may open. */
final class SockaddrNlTest {
    @Test
    void theLayoutIsThatOfTheHeader() {
        assertEquals(12, SockaddrNl.LAYOUT.byteSize());
        assertEquals(0, SockaddrNl.offset("nl_family"));
        assertEquals(4, SockaddrNl.offset("nl_pid"));
        assertEquals(8, SockaddrNl.offset("nl_groups"));
    }

    @Test
    void aFailedCallReturnsItsOwnErrno() {
        assertEquals(-Errno.EAFNOSUPPORT.number(), Libc.socket(4711, 1, 0));
        assertEquals(-9, Libc.close(-1));
    }

    @Test
    void aSocketOpensBindsTimesOutAndCloses() {
        int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW_CLOEXEC, 16);
        assertTrue(fd >= 0);
        assertEquals(0, Libc.bind(fd, new SockaddrNl(0, 0)));
        assertEquals(0, Libc.setsockopt(fd, 1, 20, java.time.Duration.ofMillis(20)));
        try (ReceiveBuffer buffer = new ReceiveBuffer()) {
            assertEquals(new ReceiveBuffer.Received.Failed(Errno.EAGAIN.number()), buffer.receive(fd));
        }
        assertEquals(0, Libc.close(fd));
    }
}
