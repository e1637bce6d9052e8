package io.lvsd.core.metrics;

/**
 * All metrics at one moment, as text.
 *
 * @param contentType with version and character set
 * @param gzipped whether the body is compressed with gzip
 */
@SuppressWarnings("ArrayRecordComponent") // it is sent, not compared
public record Scrape(String contentType, boolean gzipped, byte[] body) {}
