package io.lvsd.core.metrics;

import java.util.List;

/**
 * All metrics at one moment, as text.
 *
 * @param contentType with version and character set
 * @param gzipped whether the body is compressed with gzip
 * @param body in parts
 */
public record Scrape(String contentType, boolean gzipped, List<byte[]> body) {}
