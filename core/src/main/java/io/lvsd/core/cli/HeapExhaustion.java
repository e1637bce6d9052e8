package io.lvsd.core.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends the process with a status of its own when a thread ends with an exhausted heap. Everything it needs is made in
 * advance. The launcher adds a JVM option that ends the process if some library has swallowed the error.
 */
final class HeapExhaustion implements Thread.UncaughtExceptionHandler {
    private static final byte[] TEXT = ("lvsd: heap exhausted: its limit is "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB; start with a larger LVSD_HEAP_MIB in the environment (or java -Xmx)\n")
            .getBytes(StandardCharsets.UTF_8);

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);

    private HeapExhaustion() {}

    /** From now on, for all threads. */
    static void handle() {
        Thread.setDefaultUncaughtExceptionHandler(new HeapExhaustion());
    }

    /** Whether more heap would help; a thread that cannot be created is another matter. */
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
        System.err.println("lvsd: thread " + thread.getName() + " failed");
        error.printStackTrace();
    }
}
