package io.lvsd.snmp.agentx;

import org.snmp4j.smi.OID;

/**
 * A SearchRange of RFC 2741, section 5.2.
 *
 * @param start where the search begins
 * @param include whether an instance of {@code start} itself counts
 * @param end the first identifier after the range; without parts: the range has no end
 */
record SearchRange(OID start, boolean include, OID end) {
    /** Whether an identifier is before the end of the range. */
    boolean contains(OID oid) {
        return end.size() == 0 || oid.compareTo(end) < 0;
    }
}
