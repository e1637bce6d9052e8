package io.lvsd.sorryserver.http;

import io.lvsd.sorryserver.page.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What the connections of one event loop share. Owned by the event loop. */
public final class LoopState {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    /** Bytes that are processed at once: more than a read returns, and a head that was not complete before it. */
    static final int SCRATCH = 2 * RequestHead.MAX_LENGTH + 65_536;

    final Connections connections;
    final Timeouts timeouts;
    final RequestHead head = new RequestHead();
    final byte[] scratch = new byte[SCRATCH];
    private byte[] date = new byte[Answer.DATE_LENGTH];

    /**
     * Times in milliseconds.
     *
     * @param request from its first byte to the complete head
     * @param idle without a request
     * @param response without progress of a response or of the request's body
     */
    public record Timeouts(long request, long idle, long response) {}

    public LoopState(Connections connections, Timeouts timeouts) {
        this.connections = connections;
        this.timeouts = timeouts;
        tick(Instant.now());
    }

    /** Open connections of this event loop. */
    public Connections connections() {
        return connections;
    }

    /** Called at least once a second. */
    public void tick(Instant now) {
        date = DATE.format(now).getBytes(StandardCharsets.US_ASCII);
    }

    /** The value of Date. */
    byte[] date() {
        return date;
    }
}
