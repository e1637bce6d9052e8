package io.lvsd.sorryserver.setup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A sorry page.
 *
 * @param root directory with 404.html and the files that it needs; empty: the built-in page
 * @param status HTTP status of the page, 400 to 599
 * @param reason reason phrase of HTTP/1, printable ASCII
 * @param retryAfterSeconds value of Retry-After before {@code until}, 0 or more; 0: no such header
 * @param title name of the site on the built-in page and in JSON; empty: none
 * @param message text on the built-in page and in JSON; empty: a standard text
 * @param until when the service is expected again; until then Retry-After is the remaining time, and the built-in page
 *     shows the time
 */
public record PageSetup(
        Optional<Path> root,
        int status,
        String reason,
        long retryAfterSeconds,
        String title,
        String message,
        Optional<Instant> until) {
    /** The built-in page with the default status. */
    public static final PageSetup DEFAULT =
            new PageSetup(Optional.empty(), 502, "Service temporarily down", 30, "", "", Optional.empty());
}
