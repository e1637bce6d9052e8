package io.lvsd.conf.check.http;

/** How HTTP is spoken. */
public enum HttpVersion {
    /** HTTP/1.0. */
    V1_0,
    /** HTTP/1.0 with {@code Connection: close}. */
    V1_0_CLOSE,
    /** HTTP/1.1 with {@code Connection: close}. */
    V1_1,
    /** HTTP/2, over TLS by ALPN, else with prior knowledge (h2c). */
    V2
}
