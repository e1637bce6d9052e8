package io.lvsd.conf.check.http;

/**
 * A field of a JSON text.
 *
 * @param pointer names and indexes with dots between them, as in {@code db.0.state}
 * @param value its text; of null, true and false the word
 */
public record JsonMatch(String pointer, String value) {}
