package io.lvsd.core.page;

import io.lvsd.core.view.Durations;
import java.time.Duration;
import java.time.Instant;

/**
 * Builds HTML. Text is escaped; tags are written as they are. Relative times are marked, so that {@link #stable} can leave
 * them out: they change every second, and the script of the page computes them itself.
 */
final class Html {
    private static final char BEGIN = '\u0001';
    private static final char END = '\u0002';

    private final StringBuilder out = new StringBuilder();
    private final Instant now;

    /** @param now the time to which relative times refer */
    Html(Instant now) {
        this.now = now;
    }

    /** HTML as it is. */
    Html tag(String html) {
        out.append(html);
        return this;
    }

    /** Text, escaped for contents and for quoted attributes. */
    Html text(String text) {
        out.append(escaped(text));
        return this;
    }

    /** An attribute with a value, after a blank. */
    Html attribute(String name, String value) {
        out.append(' ').append(name).append("=\"").append(escaped(value)).append('"');
        return this;
    }

    /** An element that contains text only. */
    Html element(String name, String text) {
        return tag("<" + name + ">").text(text).tag("</" + name + ">");
    }

    /** How long ago a time was, such as {@code 3m12s}. */
    Html ago(Instant at) {
        return time("ago", at, Durations.text(Duration.between(at, now)));
    }

    /** How long until a time, such as {@code 2s}. */
    Html until(Instant at) {
        return time("until", at, Durations.text(Duration.between(now, at)));
    }

    private Html time(String form, Instant at, String text) {
        String iso = Instant.ofEpochMilli(at.toEpochMilli()).toString();
        tag("<time")
                .attribute("data-form", form)
                .attribute("datetime", iso)
                .attribute("title", iso)
                .tag(">");
        out.append(BEGIN).append(text).append(END);
        return tag("</time>");
    }

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case BEGIN, END -> escaped.append('?');
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** The HTML. */
    @Override
    public String toString() {
        return out.toString().replace(String.valueOf(BEGIN), "").replace(String.valueOf(END), "");
    }

    /** A short identifier of the HTML without relative times: it changes when something else changes. */
    String stable() {
        int hash = 7;
        boolean skipped = false;
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            skipped = c == BEGIN || skipped && c != END;
            hash = skipped ? hash : 31 * hash + c;
        }
        return Integer.toHexString(hash);
    }
}
