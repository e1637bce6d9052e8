package io.lvsd.ipvs.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TcpBatchTest {
    @Test
    void aClosedBatchHasNoMemory() throws IOException {
        TcpBatch batch = new TcpBatch();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            int fd = batch.socket(loopback);
            assertTrue(fd >= 0, Errno.describe(-fd));
            int result = batch.connect(fd, loopback, server.getLocalPort());
            assertTrue(result == 0 || result == -Errno.EINPROGRESS.number(), Errno.describe(-result));
            batch.poll(List.of());
            assertEquals(0, Libc.close(fd));
        }
        batch.close();
        AssertionError closed = assertThrows(AssertionError.class, () -> batch.socket(loopback));
        assertInstanceOf(IllegalStateException.class, closed.getCause());
    }
}
