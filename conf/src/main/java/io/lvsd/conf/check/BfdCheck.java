package io.lvsd.conf.check;

import io.lvsd.conf.value.BfdInstance;

/** A BFD session is up. */
public record BfdCheck(BfdInstance instance) implements CheckSpec {
    @Override
    public String kind() {
        return "BFD_CHECK";
    }
}
