package io.lvsd.checkers.protocol;

import io.lvsd.conf.check.DnsCheck;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One query, RFC 1035, with recursion desired. Any answer to it without an error passes, an empty one too; what is no
 * answer to it is not looked at.
 */
public final class DnsExchange implements Exchange {
    private static final int HEADER = 12;

    private final DnsCheck spec;
    private final int id = ThreadLocalRandom.current().nextInt(1 << 16);

    public DnsExchange(DnsCheck spec) {
        this.spec = spec;
    }

    @Override
    public byte[] opening() {
        InetSocketAddress to =
                new InetSocketAddress(spec.target().address(), spec.target().port());
        DatagramDnsQuery query = new DatagramDnsQuery(null, to, id);
        query.setRecursionDesired(true);
        query.addRecord(
                DnsSection.QUESTION, new DefaultDnsQuestion(spec.name() + ".", DnsRecordType.valueOf(spec.type())));
        EmbeddedChannel encoder = new EmbeddedChannel(new DatagramDnsQueryEncoder());
        try {
            encoder.writeOutbound(query);
            DatagramPacket packet = encoder.readOutbound();
            ByteBuf content = packet.content();
            byte[] bytes = new byte[content.readableBytes()];
            content.readBytes(bytes);
            packet.release();
            return bytes;
        } finally {
            encoder.finishAndReleaseAll();
        }
    }

    @Override
    public Move received(byte[] bytes) {
        boolean answer =
                bytes.length >= HEADER && ((bytes[0] & 0xff) << 8 | bytes[1] & 0xff) == id && (bytes[2] & 0x80) != 0;
        if (!answer) {
            return new Move.Wait();
        }
        int code = bytes[3] & 0x0f;
        return code == 0
                ? Exchange.pass()
                : Exchange.fail(DnsResponseCode.valueOf(code).toString());
    }
}
