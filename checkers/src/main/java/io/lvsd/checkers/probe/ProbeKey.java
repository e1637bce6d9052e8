package io.lvsd.checkers.probe;

import io.lvsd.conf.check.BfdCheck;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.FileCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.check.UnusableCheck;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one probe sends, and to which server. Checks with equal keys share one probe and its result. Caches its hash code,
 * which is used several times a probe.
 */
public final class ProbeKey {
    private final CheckSpec.Probed spec;
    private final int url;
    private final int hash;

    /** @param url index of the url of the probe, for a check with several; else 0 */
    public ProbeKey(CheckSpec.Probed spec, int url) {
        this.spec = spec;
        this.url = url;
        this.hash = 31 * spec.hashCode() + url;
    }

    public static ProbeKey of(CheckSpec.Probed spec) {
        return new ProbeKey(spec, 0);
    }

    /** One for each url of a check, in order; none for a check without probes. */
    public static List<ProbeKey> all(CheckSpec spec) {
        return switch (spec) {
            case HttpCheck http ->
                IntStream.range(0, http.urls().size())
                        .mapToObj(i -> new ProbeKey(http, i))
                        .toList();
            case CheckSpec.Probed probed -> List.of(of(probed));
            case FileCheck _, BfdCheck _, UnusableCheck _ -> List.of();
        };
    }

    public CheckSpec.Probed spec() {
        return spec;
    }

    /** Index of the url of the probe; else 0. */
    public int url() {
        return url;
    }

    /** Whether several checks may share a probe. A script may have effects, so each check runs its own. */
    public boolean isShared() {
        return !(spec instanceof MiscCheck);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof ProbeKey key && hash == key.hash && url == key.url && spec.equals(key.spec);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return spec + " url " + url;
    }
}
