package io.lvsd.checkers.health;

/**
 * The state of one check.
 *
 * @param up whether it is up; presumed until {@code hasRun}
 * @param hasRun whether probes determined that, now or in a previous run of the daemon whose results are trusted
 * @param tolerated failures in a row that were tolerated so far
 * @param passes in a row, of a check that is down and needs several
 * @param url index of the url of the next probe, from 0
 * @param failedUrl index of the url that marked the check down and is probed alone; -1 for none
 */
public record HealthState(boolean up, boolean hasRun, long tolerated, int passes, int url, int failedUrl) {
    /** A trusted state of a previous run: retries apply. */
    public static HealthState trusted(boolean up) {
        return new HealthState(up, true, 0, 0, 0, up ? -1 : 0);
    }

    /** Without a trusted state: one failure marks it down if {@code tolerated} is the number of retries. */
    public static HealthState presumed(boolean up, long tolerated) {
        return new HealthState(up, false, tolerated, 0, 0, -1);
    }

    HealthState reached(boolean newUp) {
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
