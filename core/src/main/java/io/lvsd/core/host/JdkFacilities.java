package io.lvsd.core.host;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/**
 * Initialises at start what the JDK otherwise initialises at first use and what needs descriptors: a static initialiser that
 * fails because no descriptor is left fails for the lifetime of the process. This concerns the poller of virtual threads (an
 * epoll instance and an event descriptor each), selectors, Unix domain sockets, the process launcher, the random number
 * source, and the files of the class path, which the class loader opens at first access.
 */
public final class JdkFacilities {
    private JdkFacilities() {}

    /**
     * Initialises them. Blocks for some milliseconds.
     *
     * @throws IOException if one of them fails, for example because the limit of open files is too low
     */
    public static void initialise() throws IOException {
        var _ = JdkFacilities.class.getClassLoader().getResource("no/such/resource");
        new SecureRandom().nextBytes(new byte[1]);
        try (Selector selector = Selector.open()) {
            int _ = selector.selectNow();
        }
        initialiseProcesses();
        initialisePoller();
        initialiseTimer();
    }

    /** The first virtual thread that sleeps creates the thread that wakes all of them. */
    private static void initialiseTimer() throws IOException {
        try {
            Thread.ofVirtual()
                    .name("timer-start")
                    .start(() -> LockSupport.parkNanos(1_000_000))
                    .join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void initialiseProcesses() throws IOException {
        try {
            var _ = Class.forName("java.lang.ProcessImpl");
            var _ = Class.forName("java.lang.ProcessHandleImpl");
        } catch (ClassNotFoundException e) {
            throw new IOException("this JDK lacks " + e.getMessage(), e);
        }
    }

    /** A virtual thread waits for input, as the threads of the control socket do. */
    private static void initialisePoller() throws IOException {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            FutureTask<Integer> reading = new FutureTask<>(() -> source.read(ByteBuffer.allocate(1)));
            Thread reader = Thread.ofVirtual().name("poller-start").start(reading);
            while (reader.getState() != Thread.State.WAITING && reader.isAlive()) {
                Thread.onSpinWait();
            }
            sink.write(ByteBuffer.allocate(1));
            Integer _ = reading.get();
        } catch (ExecutionException e) {
            throw new IOException("cannot start the poller of virtual threads: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
