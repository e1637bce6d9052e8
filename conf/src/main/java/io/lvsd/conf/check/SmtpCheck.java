package io.lvsd.conf.check;

import io.lvsd.conf.value.ProbeAddress;

/** A mail server greets and answers HELO. */
public record SmtpCheck(ProbeAddress target, String heloName) implements CheckSpec.Remote {
    @Override
    public String kind() {
        return "SMTP_CHECK";
    }

    @Override
    public SmtpCheck withTarget(ProbeAddress other) {
        return new SmtpCheck(other, heloName);
    }
}
