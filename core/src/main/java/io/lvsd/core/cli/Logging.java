package io.lvsd.core.cli;

/** Log lines on stderr: timestamps in ISO 8601 with offset, or none if stderr is the journal, which adds its own. */
final class Logging {
    private Logging() {}

    /** Must run before the first logger is created. */
    static void prepare() {
        set("showDateTime", System.getenv("JOURNAL_STREAM") == null ? "true" : "false");
        set("dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        set("showThreadName", "false");
        set("showLogName", "false");
        set("log.io.netty", "warn");
        set("defaultLogLevel", "info");
    }

    private static void set(String key, String value) {
        String name = "org.slf4j.simpleLogger." + key;
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
