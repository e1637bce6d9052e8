package io.lvsd.core.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.lvsd.conf.value.LogLevel;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;

/** The levels of loggers: that of the configuration for lvsd's own, and those that are set at run time. One thread at a time. */
final class LogLevels {
    private static final String OWN = "io.lvsd";
    private static final String NAME = "[A-Za-z0-9_$.-]{1,200}";

    private final LoggerContext context;
    /** What was set at run time, by the full name of the logger. */
    private final Map<String, LogLevel> set = new LinkedHashMap<>();

    LogLevels(LoggerContext context) {
        this.context = context;
    }

    /** Ends all levels that were set at run time. Libraries log warnings and errors. */
    void configure(LogLevel own) {
        set.keySet().forEach(this::inherit);
        set.clear();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        // It warns of registries that a reload adds, as lvsd does.
        context.getLogger("io.micrometer.core.instrument.composite").setLevel(Level.ERROR);
        context.getLogger(OWN).setLevel(level(own));
    }

    private void inherit(String name) {
        if (!name.equals(Logger.ROOT_LOGGER_NAME)) {
            context.getLogger(name).setLevel(null);
        }
    }

    /** Whether a text can be the name of a logger. */
    static boolean isName(String text) {
        return text.matches(NAME);
    }

    /** Sets the level of a logger and all below it. */
    void set(LogLevel level, String fullName) {
        context.getLogger(fullName).setLevel(level(level));
        set.put(fullName, level);
    }

    /**
     * The full name of a logger: of a package or class that is named without what is before it, if only one has that name.
     *
     * @param name empty: all of lvsd's own
     */
    String fullName(String name) {
        if (name.isEmpty()) {
            return OWN;
        }
        if (name.toUpperCase(Locale.ROOT).equals(Logger.ROOT_LOGGER_NAME)) {
            return Logger.ROOT_LOGGER_NAME;
        }
        Set<String> found = new TreeSet<>();
        String inside = "." + name + ".";
        for (Logger logger : context.getLoggerList()) {
            String used = logger.getName();
            int at = ("." + used + ".").indexOf(inside);
            if (at == 0) {
                return name;
            }
            if (at > 0) {
                found.add(used.substring(0, at + name.length()));
            }
        }
        return found.size() == 1 ? found.iterator().next() : name;
    }

    /** Whether a logger of this name, or below it, exists. Setting a level creates one. */
    boolean exists(String name) {
        return context.getLoggerList().stream()
                .map(Logger::getName)
                .anyMatch(known -> known.equals(name) || known.startsWith(name + "."));
    }

    /** Levels that were set at run time, in order. */
    Map<String, LogLevel> set() {
        return set;
    }

    private static Level level(LogLevel level) {
        return switch (level) {
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }
}
