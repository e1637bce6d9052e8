package io.lvsd.core.loop;

import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Engine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes events to the log. Any thread; does not block. */
public final class EventLog {
    /** Name of the logger of these events. */
    public static final String LOGGER = Engine.class.getName();

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private EventLog() {}

    public static void log(DaemonEvent event) {
        LoggingEventBuilder line = LOG.atLevel(
                switch (event.level()) {
                    case INFO -> Level.INFO;
                    case WARN -> Level.WARN;
                    case ERROR -> Level.ERROR;
                });
        for (var field : event.fields().entrySet()) {
            line = line.addKeyValue(field.getKey(), field.getValue());
        }
        line.log(event.name());
    }
}
