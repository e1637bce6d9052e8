package io.lvsd.core.metrics;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A part of the metrics that can be requested alone. */
public enum Part {
    /** The daemon: its state, what it does, its process. */
    DAEMON,
    /** Virtual servers, real servers and checks. */
    SERVERS,
    /** Counters of the table, if they are configured. */
    IPVS;

    /** All parts. */
    public static final Set<Part> ALL = Collections.unmodifiableSet(EnumSet.allOf(Part.class));

    /**
     * The parts of a list with commas, such as {@code daemon,servers}.
     *
     * @throws IllegalArgumentException if it names another one; the text is for the client
     */
    public static Set<Part> of(String list) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String word : list.split(",", -1)) {
            parts.add(Arrays.stream(values())
                    .filter(p -> p.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(invalid())));
        }
        return parts;
    }

    private static String invalid() {
        return "one or several of " + Arrays.stream(values()).map(Part::word).collect(Collectors.joining(", "));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
