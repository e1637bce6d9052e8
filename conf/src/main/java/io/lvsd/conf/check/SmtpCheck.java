package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;

/** A mail server greets and answers HELO. */
public record SmtpCheck(ProbeAddress target, String heloName) implements CheckSpec.Remote {
    /** The keyword that declares the check. */
    public static final String KIND = "SMTP_CHECK";

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public SmtpCheck withTarget(ProbeAddress other) {
        return new SmtpCheck(other, heloName);
    }
}
