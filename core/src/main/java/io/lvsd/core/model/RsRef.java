package io.lvsd.core.model;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import org.jspecify.annotations.Nullable;

/** A real server of a virtual server. Its text is its key in the store. */
public record RsRef(VsId vs, RsId rs) {
    /** As that of the record, and many times faster, as is the hash code. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof RsRef ref && rs.equals(ref.rs) && vs.equals(ref.vs);
    }

    @Override
    public int hashCode() {
        return 31 * vs.hashCode() + rs.hashCode();
    }

    @Override
    public String toString() {
        return vs + "," + rs;
    }
}
