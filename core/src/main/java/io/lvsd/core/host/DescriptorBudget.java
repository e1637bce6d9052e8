package io.lvsd.core.host;

import io.lvsd.ipvs.embedded.EmbeddedLimits;
import io.lvsd.sorryserver.SorryLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Divides the file descriptors that this process may open ({@code RLIMIT_NOFILE}). One part is reserved for probes, the table,
 * the state store, the control socket and scripts. The other parts limit the connections of clients. All parts together never
 * exceed the limit. Pure, except {@link #ofThisProcess}.
 *
 * @param openFiles the limit
 * @param reserved descriptors that are not available to clients
 * @param http connections to the status endpoint, one descriptor each
 * @param pages connections to the sorry page, one descriptor each
 * @param relays connections relayed to a sorry server, two descriptors each
 * @param embedded descriptors of the embedded driver's connections and sessions; 0 with another driver
 * @param heap maximum heap in bytes; direct memory has the same limit
 */
public record DescriptorBudget(
        long openFiles, long reserved, int http, int pages, int relays, int embedded, long heap) {
    /** With a lower limit the daemon does not start. */
    public static final long MIN_OPEN_FILES = 256;

    private static final long MAX_RESERVED = 65_536;
    /** Listening sockets, one for each address and processor, and files. */
    private static final long MAX_RESERVED_SORRY = 8_192;

    private static final int MAX_HTTP = 64;
    private static final int MAX_CLIENTS = 1_000_000;
    /** Memory of an open connection besides its request, measured and rounded up. */
    private static final long MEMORY_PER_CONNECTION = 4_096;
    /** Fraction of the memory available to connections. */
    private static final long MEMORY_SHARE = 8;
    /** Fraction of the heap available to incomplete requests: a byte of headers needs up to 30 bytes of objects. */
    private static final long REQUEST_SHARE = 256;

    private static final long MIN_REQUEST_BYTES = 65_536;

    /**
     * Divides a limit.
     *
     * @param openFiles {@value #MIN_OPEN_FILES} or more
     * @param embedded whether the embedded driver forwards connections
     */
    static DescriptorBudget of(long openFiles, long heap, boolean embedded) {
        long reserved = Math.min(openFiles / 2, MAX_RESERVED);
        long clients = Math.min(MAX_CLIENTS, openFiles - reserved);
        long http = Math.min(MAX_HTTP, clients / 8);
        long forwarded = embedded ? (clients - http) / 4 * 3 : 0;
        long sorry = clients - http - forwarded;
        long byMemory = Math.max(16, heap / MEMORY_SHARE / MEMORY_PER_CONNECTION);
        return new DescriptorBudget(
                openFiles,
                reserved,
                (int) http,
                (int) Math.min(sorry / 2, byMemory),
                (int) Math.min(sorry / 4, byMemory),
                (int) forwarded,
                heap);
    }

    /** Divides the limit of a process that only serves sorry pages: four fifths of what is not reserved are for pages. */
    static DescriptorBudget ofSorryServer(long openFiles, long heap) {
        long reserved = Math.min(openFiles / 4, MAX_RESERVED_SORRY);
        long clients = Math.min(MAX_CLIENTS, openFiles - reserved);
        long byMemory = Math.max(16, heap / MEMORY_SHARE / MEMORY_PER_CONNECTION);
        return new DescriptorBudget(
                openFiles,
                reserved,
                0,
                (int) Math.min(clients / 5 * 4, byMemory),
                (int) Math.min(clients / 10, byMemory),
                0,
                heap);
    }

    /** The budget of this process, which only serves sorry pages. */
    public static DescriptorBudget ofThisSorryServer() {
        return ofSorryServer(openFilesLimit(), Runtime.getRuntime().maxMemory());
    }

    /** The budget of this process. */
    public static DescriptorBudget ofThisProcess(boolean embedded) {
        return of(openFilesLimit(), Runtime.getRuntime().maxMemory(), embedded);
    }

    /** The error message for a limit below {@link #MIN_OPEN_FILES}. */
    public static String tooFew() {
        return "invalid limit of open files " + openFilesLimit() + ": expected at least " + MIN_OPEN_FILES
                + "; raise it with 'ulimit -n' or with LimitNOFILE= in the systemd unit";
    }

    /** The soft limit of open files, {@code RLIMIT_NOFILE}; without /proc the default of 1,024. */
    public static long openFilesLimit() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    String soft = line.split("\\s+")[3];
                    return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
                }
            }
        } catch (IOException | NumberFormatException _) {
            return 1_024;
        }
        return 1_024;
    }

    public EmbeddedLimits embeddedLimits() {
        return EmbeddedLimits.within(embedded, heap);
    }

    public SorryLimits sorryLimits() {
        return SorryLimits.of(pages, relays, Math.max(MIN_REQUEST_BYTES, heap / REQUEST_SHARE));
    }
}
