package io.lvsd.checkers.health;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.check.FileCheck;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalInt;

/** The result of FILE_CHECK for the number in its file. */
public final class FileRule {
    private FileRule() {}

    /** The result for a number. */
    public static ProbeResult result(FileCheck spec, int value) {
        if (spec.weight() == 0) {
            boolean down = (value != 0) != spec.reverse();
            String expected = spec.reverse() ? "a number other than 0 in the file" : "0 in the file";
            return down ? Failed.mismatch(Reason.FILE, expected, String.valueOf(value)) : Passed.plain();
        }
        long sign = spec.reverse() ? -1 : 1;
        // 2^31 times 2^31 is within a long.
        long product = value * spec.weight() * sign;
        long change = Math.clamp(product, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return change == Integer.MIN_VALUE
                ? Failed.mismatch(Reason.FILE, "a number in the file that keeps the server up", String.valueOf(value))
                : new Passed(Optional.of(AgentReply.changingWeight(change)));
    }

    /**
     * The number at the start of a text, as strtol(3) reads it with base 0.
     *
     * @return 0 if there is none; empty if the number has more than 32 bits, which changes nothing
     */
    public static OptionalInt number(String text) {
        String word = text.strip();
        boolean negative = word.startsWith("-");
        String digits = word.startsWith("-") || word.startsWith("+") ? word.substring(1) : word;
        int base = 10;
        if (digits.matches("(?s)0[xX][0-9A-Fa-f].*")) {
            base = 16;
            digits = digits.substring(2);
        } else if (digits.startsWith("0")) {
            base = 8;
        }
        int end = 0;
        while (end < digits.length() && digits.charAt(end) < 0x80 && Character.digit(digits.charAt(end), base) >= 0) {
            end++;
        }
        if (end == 0) {
            return OptionalInt.of(0);
        }
        BigInteger value = new BigInteger(digits.substring(0, Math.min(end, 100)), base);
        BigInteger signed = negative ? value.negate() : value;
        return signed.bitLength() > 31 ? OptionalInt.empty() : OptionalInt.of(signed.intValue());
    }
}
