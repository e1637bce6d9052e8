package io.lvsd.ipvs.ffm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class SignalTest {
    private static final int FIRST_REAL_TIME = 34;
    private static final int LAST_REAL_TIME = 64;
    private static final int WAKEUP_OF_THE_JDK = LAST_REAL_TIME - 2;

    /** The socket of a thread that waits for a packet can be closed although the real-time signals are ignored. */
    @Test
    @Timeout(60)
    @SuppressWarnings("try") // the close is what is tested
    void aBlockedSystemCallEndsWhenItsSocketIsClosed() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int signal = FIRST_REAL_TIME; signal <= LAST_REAL_TIME; signal++) {
                boolean ignored = Processes.ignoreSignal(signal);
                assertTrue(ignored || signal == WAKEUP_OF_THE_JDK, "signal " + signal);
            }
            assertFalse(Processes.ignoreSignal(WAKEUP_OF_THE_JDK), "it has a handler");
            Thread reader = Thread.ofPlatform().daemon().start(() -> receive(socket));
            while (reader.getState() != Thread.State.RUNNABLE) {
                Thread.onSpinWait();
            }
            // The call that waits cannot be seen from outside; this only makes it likely that it has begun.
            TimeUnit.MILLISECONDS.sleep(200);
            socket.close();
            reader.join();
        }
    }

    private static void receive(DatagramSocket socket) {
        try {
            socket.receive(new DatagramPacket(new byte[1], 1));
        } catch (IOException _) {
            // The socket was closed.
        }
    }

    @Test
    void aNumberThatIsNoSignalIsNotIgnored() {
        assertFalse(Processes.ignoreSignal(0));
        assertFalse(Processes.ignoreSignal(1000));
    }
}
