package io.lvsd.conf.check.http;

/** The part of an HTTP response that contains the weight: a header, or a field of a JSON body. */
public sealed interface WeightPart {
    record Header(String name) implements WeightPart {}

    record Json(String pointer) implements WeightPart {}
}
