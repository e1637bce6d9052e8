package io.lvsd.conf.check;

import io.lvsd.conf.value.BfdInstance;

/** A BFD session is up. */
public record BfdCheck(BfdInstance instance) implements CheckSpec {
    /** The keyword that declares the check. */
    public static final String KIND = "BFD_CHECK";

    @Override
    public String kind() {
        return KIND;
    }
}
