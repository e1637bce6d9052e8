package io.lvsd.sorryserver.page;

import io.lvsd.sorryserver.setup.PageSetup;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;

/** The built-in page, and what clients get that want no HTML. Pure. */
final class PageText {
    private static final String HEADLINE = "This service is temporarily unavailable";
    private static final String MESSAGE = "We are sorry. Please try again in a little while.";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofLocalizedDateTime(
                    FormatStyle.LONG, FormatStyle.SHORT)
            .withLocale(Locale.UK);

    private static final String STYLE = """
        :root{color-scheme:light dark}
        body{font:1.125rem/1.5 system-ui,sans-serif;color:#222;background:#f6f6f4;margin:0}
        main{max-width:34em;margin:0 auto;padding:16vh 1.5rem 2rem;overflow-wrap:anywhere}
        h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5em}
        .site{color:#595959;margin:0 0 1.5em}
        .message{white-space:pre-line}
        @media(prefers-color-scheme:dark){body{color:#eee;background:#1c1c1c}.site{color:#b5b5b5}}
        """;

    private PageText() {}

    /**
     * The built-in page.
     *
     * @param zone in which the end time is shown
     */
    static byte[] html(PageSetup page, ZoneId zone) {
        StringBuilder html = new StringBuilder(2_048)
                .append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"robots\" content=\"noindex\">\n<title>")
                .append(escaped(page.title().isEmpty() ? "Temporarily unavailable" : page.title()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n");
        if (!page.title().isEmpty()) {
            html.append("<p class=\"site\">").append(escaped(page.title())).append("</p>\n");
        }
        html.append("<h1>").append(HEADLINE).append("</h1>\n<p class=\"message\">");
        html.append(escaped(message(page))).append("</p>\n");
        page.until()
                .ifPresent(t -> html.append("<p>Expected to return: <time datetime=\"")
                        .append(t)
                        .append("\">")
                        .append(escaped(shown(t, zone)))
                        .append("</time></p>\n"));
        return html.append("</main>\n</body>\n</html>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** For clients that do not accept HTML. */
    static byte[] text(PageSetup page, ZoneId zone) {
        StringBuilder text = new StringBuilder();
        if (!page.title().isEmpty()) {
            text.append(page.title()).append('\n');
        }
        text.append(HEADLINE).append(".\n").append(message(page)).append('\n');
        page.until()
                .ifPresent(t -> text.append("Expected to return: ")
                        .append(shown(t, zone))
                        .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * For clients that prefer JSON.
     *
     * @param retryAfter seconds; 0 omits it
     */
    static byte[] json(PageSetup page, long retryAfter) {
        StringBuilder json = new StringBuilder("{\"status\":").append(page.status());
        append(json, "title", page.title().isEmpty() ? HEADLINE : page.title());
        append(json, "message", message(page));
        if (retryAfter > 0) {
            json.append(",\"retry_after\":").append(retryAfter);
        }
        page.until().ifPresent(t -> append(json, "until", t.toString()));
        return json.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String message(PageSetup page) {
        return page.message().isEmpty() ? MESSAGE : page.message();
    }

    private static String shown(Instant time, ZoneId zone) {
        return TIME.format(time.atZone(zone)) + " "
                + DateTimeFormatter.ofPattern("z", Locale.UK).format(time.atZone(zone));
    }

    private static void append(StringBuilder json, String key, String value) {
        json.append(",\"").append(key).append("\":\"");
        value.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < ' ') {
                json.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                json.append((char) c);
            }
        });
        json.append('"');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
