package io.lvsd.checkers.protocol;

import io.lvsd.conf.check.DnsCheck;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One query, RFC 1035, with recursion desired. Any response to it without an error passes, an empty one too; other
 * datagrams are ignored.
 */
public final class DnsExchange implements Exchange {
    private static final int HEADER = 12;
    private static final int RECURSION_DESIRED = 0x0100;

    private final DnsCheck spec;
    private final int id = ThreadLocalRandom.current().nextInt(1 << 16);

    public DnsExchange(DnsCheck spec) {
        this.spec = spec;
    }

    @Override
    public byte[] opening() {
        DnsQuestion question = new DefaultDnsQuestion(spec.name() + ".", DnsRecordType.valueOf(spec.type()));
        ByteArrayOutputStream query = new ByteArrayOutputStream();
        query.writeBytes(u16(id));
        query.writeBytes(u16(RECURSION_DESIRED));
        query.writeBytes(u16(1));
        query.writeBytes(new byte[6]);
        for (String label : question.name().split("\\.")) {
            if (label.isEmpty()) {
                break;
            }
            query.write(label.length());
            query.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.write(0);
        query.writeBytes(u16(question.type().intValue()));
        query.writeBytes(u16(question.dnsClass()));
        return query.toByteArray();
    }

    private static byte[] u16(int value) {
        return new byte[] {(byte) (value >>> 8), (byte) value};
    }

    @Override
    public Action received(byte[] bytes) {
        boolean response =
                bytes.length >= HEADER && ((bytes[0] & 0xff) << 8 | bytes[1] & 0xff) == id && (bytes[2] & 0x80) != 0;
        if (!response) {
            return new Action.Read();
        }
        int code = bytes[3] & 0x0f;
        return code == 0
                ? Exchange.pass()
                : Exchange.fail("NOERROR", DnsResponseCode.valueOf(code).toString());
    }
}
