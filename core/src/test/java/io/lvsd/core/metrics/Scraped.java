package io.lvsd.core.metrics;

import io.lvsd.core.view.StatusInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * A scrape, read back.
 *
 * @param series value as text, by name with labels, in the order of the output
 */
record Scraped(String text, Map<String, String> series) {
    static Scraped of(StatusInput in) {
        try (Metrics metrics = new Metrics(() -> Optional.of(in), "host")) {
            return of(metrics.scrape("", true));
        }
    }

    static Scraped of(Scrape scrape) {
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            scrape.body().forEach(body::writeBytes);
            byte[] bytes = scrape.gzipped()
                    ? new GZIPInputStream(new ByteArrayInputStream(body.toByteArray())).readAllBytes()
                    : body.toByteArray();
            return of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Scraped of(String text) {
        Map<String, String> series = new LinkedHashMap<>();
        text.lines().filter(l -> !l.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            String former = series.put(line.substring(0, blank), line.substring(blank + 1));
            if (former != null) {
                throw new AssertionError("two series have the same name and labels: " + line);
            }
        });
        return new Scraped(text, series);
    }

    /** The value of a series; empty if there is none. */
    String value(String name) {
        return series.getOrDefault(name, "");
    }

    /** The values of a label in all series. */
    Set<String> labels(String name) {
        return Pattern.compile("[{,]" + name + "=\"([^\"]*)\"")
                .matcher(text)
                .results()
                .map(m -> m.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The series that contain a text, in the order of their names. */
    Set<String> containing(String part) {
        return series.keySet().stream().filter(s -> s.contains(part)).collect(Collectors.toCollection(TreeSet::new));
    }
}
