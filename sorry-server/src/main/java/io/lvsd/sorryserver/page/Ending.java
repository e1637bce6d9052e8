package io.lvsd.sorryserver.page;

/** What the client of HTTP/1 learns about its connection. */
public enum Ending {
    /** It stays open, as usual with HTTP/1.1. */
    OPEN(""),
    /** It stays open, which the client of HTTP/1.0 requested. */
    OPEN_10("Connection: keep-alive\r\n"),
    /** It is closed. */
    CLOSED("Connection: close\r\n");

    private final String field;

    Ending(String field) {
        this.field = field;
    }

    /** The line of the header, or empty text. */
    String field() {
        return field;
    }
}
