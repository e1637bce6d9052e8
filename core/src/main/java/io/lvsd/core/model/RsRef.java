package io.lvsd.core.model;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;

/** A real server of a virtual server. Its text is one word without blanks, under which it is stored. */
public record RsRef(VsId vs, RsId rs) {
    @Override
    public String toString() {
        return vs + "," + rs;
    }
}
