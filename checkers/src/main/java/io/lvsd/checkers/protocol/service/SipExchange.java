package io.lvsd.checkers.protocol.service;

import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.source.IpAddresses;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** OPTIONS, RFC 3261. Any final response below 500 passes. */
final class SipExchange implements Exchange {
    private static final SecureRandom RANDOM = new SecureRandom();
    private final ServiceCheck check;
    private final String branch = Long.toHexString(RANDOM.nextLong());

    SipExchange(ServiceCheck check) {
        this.check = check;
    }

    @Override
    public byte[] opening() {
        String target =
                IpAddresses.text(check.target().address(), check.target().port());
        String user = check.user().orElse(ServiceProtocols.DEFAULT_USER);
        return ("OPTIONS sip:" + target + " SIP/2.0\r\n"
                        + "Via: SIP/2.0/UDP lvsd.invalid;branch=z9hG4bK" + branch + ";rport\r\n"
                        + "Max-Forwards: 70\r\n"
                        + "From: <sip:" + user + "@lvsd.invalid>;tag=" + branch + "\r\n"
                        + "To: <sip:" + target + ">\r\n"
                        + "Call-ID: " + branch + "@lvsd.invalid\r\n"
                        + "CSeq: 1 OPTIONS\r\n"
                        + "Contact: <sip:" + user + "@lvsd.invalid>\r\n"
                        + "Content-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Action received(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!text.matches("(?s)SIP/2\\.0 [1-6]\\d\\d .*") || !text.contains(branch)) {
            return new Action.Read();
        }
        int status = Integer.parseInt(text.substring(8, 11));
        if (status < 200) {
            return new Action.Read();
        }
        return status < 500
                ? Exchange.pass()
                : Exchange.fail("a status below 500", text.lines().findFirst().orElse(""));
    }
}
