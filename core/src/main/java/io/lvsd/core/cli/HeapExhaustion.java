package io.lvsd.core.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends the process with its own exit status when a thread ends because the heap is exhausted. Allocates everything that it
 * needs in advance. The launcher adds a JVM option that ends the process if a library swallows the error.
 */
final class HeapExhaustion implements Thread.UncaughtExceptionHandler {
    private static final byte[] TEXT = ("lvsd: heap exhausted: its limit is "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB; start with a larger LVSD_HEAP_MIB in the environment (or java -Xmx)\n")
            .getBytes(StandardCharsets.UTF_8);

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);

    private HeapExhaustion() {}

    /** Installs the handler for all threads. */
    static void handle() {
        Thread.setDefaultUncaughtExceptionHandler(new HeapExhaustion());
    }

    /** Whether a larger heap would help. It does not help if a thread cannot be created. */
    static boolean isHeap(Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            String text = e instanceof OutOfMemoryError ? String.valueOf(e.getMessage()) : "";
            if (text.startsWith("Java heap space")
                    || text.startsWith("GC overhead")
                    || text.startsWith("Requested array")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        if (isHeap(error)) {
            try {
                out.write(TEXT);
            } catch (IOException _) {
                // Standard error has no reader.
            }
            Runtime.getRuntime().halt(ExitStatus.HEAP_EXHAUSTED);
        }
        System.err.println("lvsd: uncaught exception in thread " + thread.getName());
        error.printStackTrace();
    }
}
