package io.lvsd.conf.value;

/** The form of a log line. */
public enum LogFormat {
    /** {@code event=NAME key=value …}. */
    TEXT,
    /** One JSON object. */
    JSON,
    /** keepalived's text where keepalived has one for the event, otherwise {@link #TEXT}. */
    CLASSIC
}
