package io.lvsd.checkers.health;

/**
 * Where one check stands.
 *
 * @param up the verdict; presumed until {@code hasRun}
 * @param hasRun whether a verdict was reached by probing, now or in a trusted earlier life of the daemon
 * @param tolerated failures in a row that were tolerated so far
 * @param passes in a row, of a check that is down and needs several
 * @param url the one that the next probe asks for, from 0
 * @param failedUrl the one that took the check down and is polled alone; -1 for none
 */
public record HealthState(boolean up, boolean hasRun, long tolerated, int passes, int url, int failedUrl) {
    /** A verdict from an earlier life that may be trusted: retries apply. */
    public static HealthState trusted(boolean up) {
        return new HealthState(up, true, 0, 0, 0, up ? -1 : 0);
    }

    /** No trusted verdict: one failure is enough, if {@code tolerated} is as many as are tolerated. */
    public static HealthState presumed(boolean up, long tolerated) {
        return new HealthState(up, false, tolerated, 0, 0, -1);
    }

    HealthState verdict(boolean newUp) {
        boolean same = newUp == up && hasRun && tolerated == 0 && passes == 0;
        return same ? this : new HealthState(newUp, true, 0, 0, url, failedUrl);
    }

    HealthState tolerated(long count) {
        return count == tolerated ? this : new HealthState(up, hasRun, count, passes, url, failedUrl);
    }

    HealthState passes(int count) {
        return count == passes ? this : new HealthState(up, hasRun, tolerated, count, url, failedUrl);
    }

    HealthState at(int nextUrl, int newFailedUrl) {
        return nextUrl == url && newFailedUrl == failedUrl
                ? this
                : new HealthState(up, hasRun, tolerated, passes, nextUrl, newFailedUrl);
    }
}
