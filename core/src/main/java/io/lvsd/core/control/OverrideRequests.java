package io.lvsd.core.control;

import io.lvsd.core.model.PercentEncoding;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.operations.Overrides;
import io.lvsd.core.operations.Overrides.LastLiveException;
import io.lvsd.core.view.DrainReport;
import io.lvsd.core.view.OverrideReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the requests {@code drain}, {@code disable}, {@code enable}, {@code weight} and {@code drain-progress}. */
final class OverrideRequests {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    /** Words of the command and the names of both servers. */
    private static final int NAMES = 3;

    private final Overrides overrides;

    OverrideRequests(Overrides overrides) {
        this.overrides = overrides;
    }

    /**
     * {@code COMMAND VS RS [VALUE] [force]}, with VS in {@link PercentEncoding}.
     *
     * @param user the user that requests it, for the log
     */
    Reply handle(List<String> words, String user) {
        if (words.size() < NAMES) {
            return new Reply(USAGE, "expected a virtual server and a real server\n");
        }
        String virtualServer = PercentEncoding.text(words.get(1));
        String realServer = words.get(2);
        List<String> more = words.subList(NAMES, words.size());
        try {
            if (words.getFirst().equals("drain-progress")) {
                return progress(virtualServer, realServer);
            }
            Optional<Long> value = more.stream()
                    .filter(w -> w.matches("\\d{1,10}"))
                    .findFirst()
                    .map(Long::parseLong);
            OverrideReport report = overrides.set(
                    new Overrides.Request(virtualServer, realServer, more.contains("force"), user),
                    before -> requested(words.getFirst(), before, value));
            return new Reply(DONE, report.text());
        } catch (LastLiveException e) {
            return new Reply(FAILED, e.getMessage() + "; nothing was changed. To proceed, use --force\n");
        } catch (LookupException e) {
            return new Reply(USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static RsOverride requested(String command, RsOverride before, Optional<Long> value) {
        return switch (command) {
            case "drain" -> before.drained(value.map(Duration::ofSeconds));
            case "disable" -> before.disabled();
            case "enable" -> before.enabled();
            default -> before.withWeight(value);
        };
    }

    /** The number of active connections of a draining server, or {@code drained} once it is removed. */
    private Reply progress(String virtualServer, String realServer) throws LookupException {
        Optional<DrainReport> progress = overrides.progress(virtualServer, realServer);
        if (progress.isEmpty()) {
            return new Reply(FAILED, realServer + " is no longer draining\n");
        }
        DrainReport report = progress.get();
        return new Reply(DONE, report.drained() ? "drained\n" : report.activeConnections() + "\n");
    }
}
