package io.lvsd.core.metrics;

import java.util.Locale;

/** The text formats of metrics. */
enum Format {
    /** The text format of Prometheus, version 0.0.4. */
    PROMETHEUS("text/plain", "text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics 1.0. */
    OPEN_METRICS("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String mediaType;
    private final String contentType;

    Format(String mediaType, String contentType) {
        this.mediaType = mediaType;
        this.contentType = contentType;
    }

    /** With version and character set. */
    String contentType() {
        return contentType;
    }

    /** The format that a header Accept prefers; of equal ones OpenMetrics if it is named, else that of Prometheus. */
    static Format of(String accept) {
        double open = quality(accept, OPEN_METRICS.mediaType);
        return open > 0 && open >= quality(accept, PROMETHEUS.mediaType) ? OPEN_METRICS : PROMETHEUS;
    }

    /** The highest weight of a media type in a header Accept; 0 if it is not named. */
    private static double quality(String accept, String mediaType) {
        double best = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = range.split(";");
            if (parts[0].strip().equals(mediaType)) {
                best = Math.max(best, weight(parts));
            }
        }
        return best;
    }

    private static double weight(String[] parts) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException _) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
