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
 * Initialises at start what the JDK initialises at its first use and what needs descriptors: a static initialiser that fails
 * because there are none fails for the life of the process. These are the poller of virtual threads (an epoll instance and an
 * event descriptor each), selectors, sockets of the Unix domain, the starter of processes, the source of random numbers, and the
 * files of the class path, which the class loader opens when it first looks into them.
 */
public final class JdkFacilities {
    private JdkFacilities() {}

    /**
     * Initialises them. Blocks for some milliseconds.
     *
     * @throws IOException if one of them cannot be had, for instance because too few files may be open
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

    /** Sleeping virtual threads are woken by a thread that the first of them creates. */
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
            throw new IOException("this JDK has no " + e.getMessage(), e);
        }
    }

    /** A virtual thread waits for bytes, as those of the control socket do. */
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
            throw new IOException("the JDK's poller cannot be started: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
