package io.lvsd.conf.value;

import java.util.Locale;

/** What the kernel does with connections of a real server that was removed. */
public enum FailureProfile {
    /** Connections end, and clients reconnect to another server. */
    FAST_FAIL,
    /** Connections continue. */
    DRAIN_SAFE;

    /** The value in a configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
