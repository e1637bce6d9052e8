package io.lvsd.conf.check;

import io.lvsd.conf.value.TrackFile;

/**
 * A number in a file is the state or a weight.
 *
 * @param weight factor of the number; 0: any number but 0 is down
 */
public record FileCheck(TrackFile file, long weight, boolean reverse) implements CheckSpec {
    /** The keyword that declares the check. */
    public static final String KIND = "FILE_CHECK";

    @Override
    public String kind() {
        return KIND;
    }
}
