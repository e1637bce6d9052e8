package io.lvsd.core.daemon;

import io.lvsd.conf.value.LogLevel;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.log.format.LogRecord;
import io.lvsd.core.loop.EventLog;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Events that parts of the daemon write to the log themselves, for the API and metrics. Those of the engine get there without
 * the log, whatever its level.
 */
final class LoggedEvents implements Consumer<LogRecord> {
    /** Their text is from a file and may contain passwords; the log is for those that may read the file. */
    private static final Set<String> PRIVATE = Set.of("config.problem");

    private final Consumer<DaemonEvent> sink;

    /** @param sink must neither block nor log */
    LoggedEvents(Consumer<DaemonEvent> sink) {
        this.sink = sink;
    }

    @Override
    public void accept(LogRecord line) {
        event(line).ifPresent(sink);
    }

    static Optional<DaemonEvent> event(LogRecord line) {
        boolean ours = line.isEvent()
                && !line.isDetail()
                && !line.logger().equals(EventLog.LOGGER)
                && !PRIVATE.contains(line.event());
        return ours ? Optional.of(new DaemonEvent(level(line.level()), line.event(), line.fields())) : Optional.empty();
    }

    private static DaemonEvent.Level level(LogLevel level) {
        return switch (level) {
            case ERROR -> DaemonEvent.Level.ERROR;
            case WARN -> DaemonEvent.Level.WARN;
            case INFO, DEBUG, TRACE -> DaemonEvent.Level.INFO;
        };
    }
}
