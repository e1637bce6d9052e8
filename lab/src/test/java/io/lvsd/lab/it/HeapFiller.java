package io.lvsd.lab.it;

import io.lvsd.core.cli.Main;
import java.util.ArrayList;
import java.util.List;

/** lvsd with an additional thread that fills the heap after the daemon has installed its error handler. */
public final class HeapFiller {
    private HeapFiller() {}

    /** With the property {@code lvsd.lab.swallow}, this thread catches the error, as a library could. */
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
            if (!Boolean.getBoolean("lvsd.lab.swallow")) {
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
