package io.lvsd.core.model;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;

/** A real server of a virtual server. Its text is its key in the store. */
public record RsRef(VsId vs, RsId rs) {
    @Override
    public String toString() {
        return vs + "," + rs;
    }
}
