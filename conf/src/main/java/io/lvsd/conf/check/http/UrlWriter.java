package io.lvsd.conf.check.http;

import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.Secrets;
import java.util.Locale;

/** Writes a block {@code url}. */
public final class UrlWriter {
    private final Secrets secrets;

    public UrlWriter(Secrets secrets) {
        this.secrets = secrets;
    }

    public BlockBuilder write(Url url) {
        BlockBuilder block = new BlockBuilder()
                .put(HttpKeywords.PATH, url.path())
                .put(HttpKeywords.VIRTUALHOST, url.host())
                .putIf(!url.method().equals("GET"), HttpKeywords.METHOD, url.method());
        url.headers().forEach(h -> block.put(HttpKeywords.HEADER, header(h)));
        url.body().ifPresent(b -> block.put(HttpKeywords.BODY, secrets.text(b)));
        block.putIf(url.compressed(), HttpKeywords.COMPRESSION, true)
                .putIf(url.redirects() > 0, HttpKeywords.REDIRECTS, url.redirects())
                .put(HttpKeywords.STATUS_CODE, url.statusCodes().toArray());
        url.digest().ifPresent(d -> block.put(HttpKeywords.DIGEST, d));
        url.regex().ifPresent(r -> regex(block, r));
        url.json().forEach(j -> block.put(HttpKeywords.JSON, j.pointer(), j.value()));
        return block;
    }

    /** Headers that authenticate the client are secrets. */
    private String header(String header) {
        String name = header.substring(0, header.indexOf(':'));
        boolean secret = name.equalsIgnoreCase("authorization")
                || name.equalsIgnoreCase("cookie")
                || name.toLowerCase(Locale.ROOT).matches(".*(token|key|secret).*");
        return secret && !secrets.shown() ? name + ": " + Secrets.REDACTED : header;
    }

    private static void regex(BlockBuilder block, Regex regex) {
        block.put(HttpKeywords.REGEX, regex.expression())
                .putIf(
                        !regex.options().isEmpty(),
                        HttpKeywords.REGEX_OPTIONS,
                        regex.options().toArray())
                .putIf(!regex.wanted(), HttpKeywords.REGEX_NO_MATCH, true)
                .putIf(regex.minOffset() > 0, HttpKeywords.REGEX_MIN_OFFSET, regex.minOffset())
                .putIf(regex.maxOffset() > 0, HttpKeywords.REGEX_MAX_OFFSET, regex.maxOffset());
    }
}
