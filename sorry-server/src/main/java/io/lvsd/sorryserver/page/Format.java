package io.lvsd.sorryserver.page;

/** A form of the sorry page. */
public enum Format {
    HTML("text/html; charset=utf-8"),
    JSON("application/json"),
    TEXT("text/plain; charset=utf-8");

    private final String contentType;

    Format(String contentType) {
        this.contentType = contentType;
    }

    /** The value of Content-Type. */
    String contentType() {
        return contentType;
    }
}
