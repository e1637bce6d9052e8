package io.lvsd.checkers.health;

/**
 * Where one check stands.
 *
 * @param up the verdict; presumed until {@code hasRun}
 * @param hasRun whether a verdict was reached by probing, now or in a trusted earlier life of the daemon
 * @param borne failures in a row that were borne so far
 * @param url the one that the next probe asks for, from 0
 * @param failedUrl the one that took the check down and is polled alone; -1 for none
 */
public record HealthState(boolean up, boolean hasRun, long borne, int url, int failedUrl) {
    /** A verdict from an earlier life that may be trusted: retries apply. */
    public static HealthState trusted(boolean up) {
        return new HealthState(up, true, 0, 0, up ? -1 : 0);
    }

    /** No trusted verdict: one failure is enough. */
    public static HealthState presumed(boolean up, long retry) {
        return new HealthState(up, false, retry, 0, -1);
    }

    HealthState verdict(boolean newUp) {
        return new HealthState(newUp, true, 0, url, failedUrl);
    }

    HealthState borne(long count) {
        return new HealthState(up, hasRun, count, url, failedUrl);
    }

    HealthState at(int nextUrl, int newFailedUrl) {
        return new HealthState(up, hasRun, borne, nextUrl, newFailedUrl);
    }
}
