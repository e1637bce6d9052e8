package io.lvsd.lab;

import io.lvsd.core.cli.Main;
import java.util.ArrayList;
import java.util.List;

/** lvsd with one more thread, which fills the heap once the daemon has its error handler. */
public final class HeapFiller {
    private HeapFiller() {}

    /** The property {@code swallow} says whether this thread catches the error, as a library could. */
    public static void main(String[] args) {
        var _ = Thread.ofPlatform().name("filler").daemon().start(HeapFiller::fill);
        Main.main(args);
    }

    private static void fill() {
        List<byte[]> filled = new ArrayList<>();
        try {
            while (Thread.getDefaultUncaughtExceptionHandler() == null) {
                Thread.sleep(10);
            }
            while (filled.size() < Integer.MAX_VALUE) {
                filled.add(new byte[1 << 20]);
            }
        } catch (OutOfMemoryError e) {
            filled.clear();
            if (!Boolean.getBoolean("swallow")) {
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
