package io.lvsd.conf.check.http;

import java.util.List;

/** Status codes that pass a check. */
public record StatusCodes(List<StatusRange> ranges) {
    public static final StatusCodes DEFAULT = new StatusCodes(List.of(new StatusRange(200, 299)));

    public StatusCodes {
        ranges = List.copyOf(ranges);
    }
}
