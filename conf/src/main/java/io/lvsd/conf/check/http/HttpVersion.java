package io.lvsd.conf.check.http;

/** A version of HTTP, and how a connection ends. */
public enum HttpVersion {
    /** HTTP/1.0. */
    V1_0("1.0"),
    /** HTTP/1.0 with {@code Connection: close}. */
    V1_0_CLOSE("1.0C"),
    /** HTTP/1.1 with {@code Connection: close}. */
    V1_1("1.1"),
    /** HTTP/2, over TLS by ALPN, else with prior knowledge (h2c). */
    V2("2");

    private final String word;

    HttpVersion(String word) {
        this.word = word;
    }

    /** The value in a configuration. */
    public String word() {
        return word;
    }
}
