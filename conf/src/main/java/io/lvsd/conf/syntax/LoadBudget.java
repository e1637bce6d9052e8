package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The heap that one load of a configuration may take, in bytes. Each file is charged before it is read, and each line after
 * its parameters and repetitions are expanded; a load that cannot fit ends there, as a fatal problem that names the remedy.
 * The rates are estimates, about 1.7 times what real servers with one TCP_CHECK were measured to keep. Used by the thread that
 * loads.
 */
public final class LoadBudget {
    /** Bytes of heap for a byte of a file: the bytes, the text and its lines. Free again after the load. */
    private static final int PER_FILE_BYTE = 5;
    /** Bytes of heap for a line in keepalived's syntax: words, statement, configuration, state. */
    private static final int PER_LINE = 300;
    /** Bytes of heap for a character of such a line. */
    private static final int PER_CHARACTER = 4;
    /** Bytes of heap for a byte of HOCON. */
    private static final int PER_HOCON_BYTE = 120;
    /** The heap that stays free for the daemon's other work. */
    private static final long RESERVE_BYTES = 16L << 20;

    private static final long MIB = 1L << 20;
    private static final ScopedValue<LoadBudget> CURRENT = ScopedValue.newInstance();

    private final LongSupplier free;
    private final long heap;
    private long needed;
    private long fileBytes;
    private long lineBytes;
    private long lineCharge;
    private long available;
    private boolean refreshed;
    private boolean exceeded;

    private LoadBudget(LongSupplier free, long heap) {
        this.free = free;
        this.heap = heap;
        this.available = free.getAsLong();
    }

    /**
     * Runs a load within the heap of this process that is free now.
     *
     * @param load must charge what it reads, on the calling thread
     */
    public static <T> T within(Supplier<T> load) {
        Runtime runtime = Runtime.getRuntime();
        return within(
                () -> runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory() - RESERVE_BYTES,
                runtime.maxMemory(),
                load);
    }

    /** As {@link #within(Supplier)}, with a supplier of the free bytes and the size of the heap in bytes. */
    static <T> T within(LongSupplier free, long heap, Supplier<T> load) {
        return ScopedValue.where(CURRENT, new LoadBudget(free, heap)).call(load::get);
    }

    /** Runs a part of a load whose lines are charged later, together. */
    static <T> T unlimited(Supplier<T> part) {
        return ScopedValue.where(CURRENT, new LoadBudget(() -> Long.MAX_VALUE, Long.MAX_VALUE))
                .call(part::get);
    }

    /** The heap in bytes that a plain text of so many characters and lines may take when it is loaded. */
    public static long ofText(long characters, long lines) {
        return characters * (PER_FILE_BYTE + PER_CHARACTER) + lines * PER_LINE;
    }

    /** Whether a file of so many bytes may be read; if not, that is reported. */
    static boolean file(Origin place, long bytes, Problems problems) {
        if (!CURRENT.isBound()) {
            return true;
        }
        CURRENT.get().fileBytes += bytes;
        return CURRENT.get().charge(place, bytes * PER_FILE_BYTE, problems);
    }

    /** Whether an expanded line may be kept; if not, that is reported. */
    static boolean line(Origin place, int characters, Problems problems) {
        if (!CURRENT.isBound()) {
            return true;
        }
        LoadBudget budget = CURRENT.get();
        long charge = PER_LINE + (long) characters * PER_CHARACTER;
        budget.lineBytes += characters + 1L;
        budget.lineCharge += charge;
        return budget.charge(place, charge, problems);
    }

    /** Whether lines that are kept from a former load, with so many characters together, may be kept; if not, that is reported. */
    static boolean lines(Origin place, int expanded, int characters, Problems problems) {
        if (!CURRENT.isBound()) {
            return true;
        }
        LoadBudget budget = CURRENT.get();
        long charge = (long) expanded * PER_LINE + (long) characters * PER_CHARACTER;
        budget.lineBytes += characters + 1L;
        budget.lineCharge += charge;
        return budget.charge(place, charge, problems);
    }

    /** Whether a HOCON text may be parsed; if not, that is reported. */
    public static boolean hocon(Origin place, long characters, Problems problems) {
        return !CURRENT.isBound() || CURRENT.get().charge(place, characters * PER_HOCON_BYTE, problems);
    }

    /** Whether this load has been given up. */
    static boolean isExceeded() {
        return CURRENT.isBound() && CURRENT.get().exceeded;
    }

    /** The largest file in bytes that may still be read. */
    static long largestFile(long limit) {
        return CURRENT.isBound()
                ? Math.clamp((CURRENT.get().available - CURRENT.get().needed) / PER_FILE_BYTE, 0, limit)
                : limit;
    }

    private boolean charge(Origin place, long bytes, Problems problems) {
        needed += bytes;
        if (needed > available && !refreshed) {
            // Garbage counts as used until it is collected; the running configuration does not count twice then.
            refreshed = true;
            System.gc();
            available = Math.max(available, free.getAsLong() + (needed - bytes) / 2);
        }
        if (needed > available && !exceeded) {
            exceeded = true;
            problems.fatal(
                    place, text(needed, Math.max(0, available), heap), remedy(needed + unread() - available, heap));
        }
        return !exceeded;
    }

    /** An estimate for the following lines, if they are like the ones before. */
    private long unread() {
        return lineBytes == 0 ? 0 : Math.max(0, lineCharge * (fileBytes - lineBytes) / lineBytes);
    }

    private static String text(long needed, long available, long heap) {
        return String.format(
                Locale.ROOT,
                "the configuration up to here requires about %d MiB of heap, %d of %d MiB are free",
                (needed + MIB - 1) / MIB,
                available / MIB,
                heap / MIB);
    }

    /** How to raise the limit by so many bytes. */
    private static String remedy(long missing, long heap) {
        return "restart lvsd with LVSD_HEAP_MIB=" + ((heap + 2 * missing) / MIB + 64)
                + " or more in its environment (the default is a quarter of the memory)";
    }
}
