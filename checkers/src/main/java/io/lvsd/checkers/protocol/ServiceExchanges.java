package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.check.ServiceCheck;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The exchanges of SERVICE_CHECK. Each asks the least that makes the server say whether it is well; a refusal of the
 * user it names is an answer of a server that works.
 */
public final class ServiceExchanges {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String NOBODY = "lvsd";

    private ServiceExchanges() {}

    public static Exchange of(ServiceCheck service) {
        return switch (service.type()) {
            case REDIS -> new Lines("PING\r\n", "\\+PONG|-NOAUTH.*|-NOPERM.*", "QUIT\r\n");
            case MEMCACHED -> new Lines("version\r\n", "VERSION .*", "quit\r\n");
            case IMAP -> new Lines("", "\\* (OK|PREAUTH).*", "a LOGOUT\r\n");
            case POP3 -> new Lines("", "\\+OK.*", "QUIT\r\n");
            case POSTGRESQL -> new Postgresql(service.user().orElse(NOBODY), service.database());
            case MYSQL -> new Mysql(service.user().orElse(NOBODY));
            case LDAP -> new Ldap();
            case SIP -> new Sip(service);
            case RADIUS -> new Radius(service.secret().orElse(""));
            case NTP -> new Ntp();
        };
    }

    /** One line after another until one is good. */
    private static final class Lines extends LineExchange {
        private final String opening;
        private final String good;
        private final byte[] farewell;

        Lines(String opening, String good, String farewell) {
            this.opening = opening;
            this.good = good;
            this.farewell = ascii(farewell);
        }

        @Override
        public byte[] opening() {
            return ascii(opening);
        }

        @Override
        Move line(String line) {
            return line.matches(good)
                    ? new Move.End(ProbeResult.Passed.plain(), farewell)
                    : Exchange.fail(shortened(line));
        }
    }

    /** Gathers bytes until a message is whole. */
    private abstract static class Messages implements Exchange {
        private static final int MOST = 64 * 1024;
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

        @Override
        public final Move received(byte[] bytes) {
            pending.writeBytes(bytes);
            byte[] all = pending.toByteArray();
            int length = length(all);
            if (length > MOST) {
                return Exchange.broken("a message of " + length + " bytes");
            }
            if (length < 0 || all.length < length) {
                return all.length > MOST ? Exchange.broken("no end of a message") : new Move.Wait();
            }
            pending.reset();
            pending.write(all, length, all.length - length);
            return message(Arrays.copyOf(all, length));
        }

        @Override
        public final int kept() {
            return pending.size();
        }

        /** Length of the first message, its head included; -1 if more must arrive to tell. */
        abstract int length(byte[] all);

        abstract Move message(byte[] message);
    }

    /** The start of the protocol of PostgreSQL, version 3.0: a request to log in, which the server answers. */
    private static final class Postgresql extends Messages {
        private static final int VERSION = 3 << 16;
        private final String user;
        private final Optional<String> database;

        Postgresql(String user, Optional<String> database) {
            this.user = user;
            this.database = database;
        }

        @Override
        public byte[] opening() {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(ByteBuffer.allocate(4).putInt(VERSION).array());
            for (String text : new String[] {"user", user, "database", database.orElse(user)}) {
                body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                body.write(0);
            }
            body.write(0);
            return ByteBuffer.allocate(4 + body.size())
                    .putInt(4 + body.size())
                    .put(body.toByteArray())
                    .array();
        }

        @Override
        int length(byte[] all) {
            return all.length < 5 ? -1 : 1 + Math.max(0, ByteBuffer.wrap(all).getInt(1));
        }

        @Override
        Move message(byte[] message) {
            if (message[0] == 'R') {
                return new Move.End(ProbeResult.Passed.plain(), new byte[] {'X', 0, 0, 0, 4});
            }
            if (message[0] != 'E') {
                return Exchange.broken("no PostgreSQL");
            }
            String code = field(message, 'C');
            // cannot_connect_now, too_many_connections, and the classes of a system in trouble
            boolean unwell =
                    code.equals("57P03") || code.startsWith("53") || code.startsWith("58") || code.startsWith("XX");
            return unwell ? Exchange.fail(code + ": " + field(message, 'M')) : Exchange.pass();
        }

        private static String field(byte[] message, char type) {
            int at = 5;
            while (at < message.length && message[at] != 0) {
                int end = at + 1;
                while (end < message.length && message[end] != 0) {
                    end++;
                }
                if (message[at] == type) {
                    return LineExchange.shortened(new String(message, at + 1, end - at - 1, StandardCharsets.UTF_8));
                }
                at = end + 1;
            }
            return "";
        }
    }

    /**
     * The handshake of MySQL and MariaDB with an attempt to log in: a client that leaves before that is counted by the
     * server, which shuts its host out in the end.
     */
    private static final class Mysql extends Messages {
        /** CLIENT_LONG_PASSWORD | CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH. */
        private static final int CAPABILITIES = 0x1 | 0x200 | 0x8000 | 0x80000;

        private static final int TOO_MANY_CONNECTIONS = 1040;
        private static final int HOST_BLOCKED = 1129;
        private static final int SERVER_SHUTDOWN = 1053;
        private final String user;
        private boolean greeted;

        Mysql(String user) {
            this.user = user;
        }

        @Override
        public byte[] opening() {
            return new byte[0];
        }

        @Override
        int length(byte[] all) {
            return all.length < 4 ? -1 : 4 + (all[0] & 0xff | (all[1] & 0xff) << 8 | (all[2] & 0xff) << 16);
        }

        @Override
        Move message(byte[] message) {
            if (message.length < 5) {
                return Exchange.broken("no MySQL");
            }
            int type = message[4] & 0xff;
            if (type == 0xff) {
                return error(message);
            }
            if (greeted) {
                return new Move.End(ProbeResult.Passed.plain(), new byte[] {1, 0, 0, 0, 1});
            }
            if (type != 10) {
                return Exchange.broken("protocol " + type);
            }
            greeted = true;
            return new Move.Send(login(message[3] + 1));
        }

        private Move error(byte[] message) {
            int code = message.length < 7 ? 0 : message[5] & 0xff | (message[6] & 0xff) << 8;
            boolean unwell =
                    code == TOO_MANY_CONNECTIONS || code == HOST_BLOCKED || code == SERVER_SHUTDOWN || !greeted;
            String text = new String(
                    message, Math.min(7, message.length), Math.max(0, message.length - 7), StandardCharsets.UTF_8);
            return unwell ? Exchange.fail(code + ": " + LineExchange.shortened(text)) : Exchange.pass();
        }

        private byte[] login(int sequence) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(little(CAPABILITIES));
            body.writeBytes(little(1 << 16));
            body.write(33);
            body.writeBytes(new byte[23]);
            body.writeBytes(user.getBytes(StandardCharsets.UTF_8));
            body.write(0);
            body.write(0);
            body.writeBytes("mysql_native_password".getBytes(StandardCharsets.US_ASCII));
            body.write(0);
            byte[] head = little(body.size());
            head[3] = (byte) sequence;
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(head);
            all.writeBytes(body.toByteArray());
            return all.toByteArray();
        }

        private static byte[] little(int value) {
            return ByteBuffer.allocate(4).putInt(Integer.reverseBytes(value)).array();
        }
    }

    /** An anonymous bind, RFC 4511. */
    private static final class Ldap extends Messages {
        private static final byte[] BIND = {0x30, 0x0c, 2, 1, 1, 0x60, 7, 2, 1, 3, 4, 0, (byte) 0x80, 0};
        private static final byte[] UNBIND = {0x30, 5, 2, 1, 2, 0x42, 0};
        private static final int BUSY = 51;
        private static final int UNAVAILABLE = 52;

        @Override
        public byte[] opening() {
            return BIND.clone();
        }

        @Override
        int length(byte[] all) {
            if (all.length < 2) {
                return -1;
            }
            int first = all[1] & 0xff;
            if (first < 0x80) {
                return 2 + first;
            }
            int bytes = first & 0x7f;
            if (bytes == 0 || bytes > 3) {
                return Integer.MAX_VALUE;
            }
            if (all.length < 2 + bytes) {
                return -1;
            }
            int length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | all[2 + i] & 0xff;
            }
            return 2 + bytes + length;
        }

        @Override
        Move message(byte[] message) {
            int head = (message[1] & 0x80) == 0 ? 2 : 2 + (message[1] & 0x7f);
            // messageID (2 1 1), then [APPLICATION 1] with ENUMERATED resultCode
            int at = head + 3;
            boolean bind = message[0] == 0x30 && message.length > at + 4 && message[at] == 0x61;
            if (!bind) {
                return Exchange.broken("no answer to an LDAP bind");
            }
            int lengthBytes = (message[at + 1] & 0x80) == 0 ? 0 : message[at + 1] & 0x7f;
            int code = at + 4 + lengthBytes;
            int result = code < message.length ? message[code] : UNAVAILABLE;
            return result == BUSY || result == UNAVAILABLE
                    ? Exchange.fail("result " + result)
                    : new Move.End(ProbeResult.Passed.plain(), UNBIND);
        }
    }

    /** OPTIONS, RFC 3261. Any final answer below 500 comes from a server that works. */
    private static final class Sip implements Exchange {
        private final ServiceCheck service;
        private final String branch = Long.toHexString(RANDOM.nextLong());

        Sip(ServiceCheck service) {
            this.service = service;
        }

        @Override
        public byte[] opening() {
            String target = io.lvsd.conf.source.IpAddresses.text(
                    service.target().address(), service.target().port());
            String user = service.user().orElse(NOBODY);
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
        public Move received(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            if (!text.matches("(?s)SIP/2\\.0 [1-6]\\d\\d .*") || !text.contains(branch)) {
                return new Move.Wait();
            }
            int status = Integer.parseInt(text.substring(8, 11));
            if (status < 200) {
                return new Move.Wait();
            }
            return status < 500
                    ? Exchange.pass()
                    : Exchange.fail(
                            LineExchange.shortened(text.lines().findFirst().orElse("")));
        }
    }

    /** Status-Server, RFC 5997, both ways authenticated by the shared secret. */
    private static final class Radius implements Exchange {
        private static final int STATUS_SERVER = 12;
        private static final int MESSAGE_AUTHENTICATOR = 80;
        private static final int HEADER = 20;
        private final byte[] secret;
        private final byte[] authenticator = new byte[16];
        private final byte id = (byte) RANDOM.nextInt();

        Radius(String secret) {
            this.secret = secret.getBytes(StandardCharsets.UTF_8);
            RANDOM.nextBytes(authenticator);
        }

        @Override
        public byte[] opening() {
            byte[] packet = ByteBuffer.allocate(HEADER + 18)
                    .put((byte) STATUS_SERVER)
                    .put(id)
                    .putShort((short) (HEADER + 18))
                    .put(authenticator)
                    .put((byte) MESSAGE_AUTHENTICATOR)
                    .put((byte) 18)
                    .array();
            try {
                Mac mac = Mac.getInstance("HmacMD5");
                mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, "HmacMD5"));
                System.arraycopy(mac.doFinal(packet), 0, packet, HEADER + 2, 16);
                return packet;
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Move received(byte[] bytes) {
            if (bytes.length < HEADER || bytes[1] != id) {
                return new Move.Wait();
            }
            try {
                MessageDigest md5 = MessageDigest.getInstance("MD5");
                md5.update(bytes, 0, 4);
                md5.update(authenticator);
                md5.update(bytes, HEADER, bytes.length - HEADER);
                byte[] expected = md5.digest(secret);
                if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, 4, HEADER))) {
                    return Exchange.fail("the answer is not signed with the shared secret");
                }
                return Exchange.pass();
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A client's check, RFC 5905; the server must be synchronised. */
    private static final class Ntp implements Exchange {
        private static final int LENGTH = 48;
        private static final int UNSYNCHRONISED = 16;
        private final byte[] transmit = new byte[8];

        Ntp() {
            RANDOM.nextBytes(transmit);
        }

        @Override
        public byte[] opening() {
            byte[] packet = new byte[LENGTH];
            packet[0] = 0x23;
            System.arraycopy(transmit, 0, packet, 40, transmit.length);
            return packet;
        }

        @Override
        public Move received(byte[] bytes) {
            if (bytes.length < LENGTH || !Arrays.equals(bytes, 24, 32, transmit, 0, 8) || (bytes[0] & 7) != 4) {
                return new Move.Wait();
            }
            int stratum = bytes[1] & 0xff;
            boolean alarm = (bytes[0] & 0xc0) == 0xc0;
            if (stratum == 0) {
                return Exchange.fail("kiss of death " + new String(bytes, 12, 4, StandardCharsets.US_ASCII));
            }
            return alarm || stratum >= UNSYNCHRONISED ? Exchange.fail("not synchronised") : Exchange.pass();
        }
    }
}
