package io.lvsd.core.model;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;

/** A real server of a virtual server. Its text is what it is stored under. */
public record RsRef(VsId vs, RsId rs) {
    @Override
    public String toString() {
        return vs + "," + rs;
    }
}
