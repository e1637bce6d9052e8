package io.lvsd.conf.model;

import org.jspecify.annotations.Nullable;

/**
 * The identity of a virtual server over reloads, as users write it: {@code 192.0.2.1:80/tcp}, {@code fwmark:5[/inet6]},
 * {@code group:NAME/tcp[/inet6]}.
 */
public record VsId(String text) implements Comparable<VsId> {
    /** As that of the record, and many times faster. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof VsId id && text.equals(id.text);
    }

    /** The text remembers its own. */
    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public int compareTo(VsId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
