package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;
import java.util.Optional;

/**
 * A datagram is answered or, if no answer is wanted, not refused.
 *
 * @param payload in hexadecimal
 * @param reply how an answer must begin, in hexadecimal with {@code x} for any digit; the empty string for any answer;
 *     empty: none is wanted
 * @param minLength of the answer, in bytes
 * @param maxLength of the answer, in bytes
 */
public record UdpCheck(ProbeAddress target, String payload, Optional<String> reply, int minLength, int maxLength)
        implements CheckSpec.Remote {
    /** The keyword that declares the check. */
    public static final String KIND = "UDP_CHECK";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public UdpCheck withTarget(ProbeAddress other) {
        return new UdpCheck(other, payload, reply, minLength, maxLength);
    }
}
