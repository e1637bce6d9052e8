package io.lvsd.checkers.protocol.service;

import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.check.ServiceCheck;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Status-Server, RFC 5997. Request and response are authenticated with the shared secret. */
final class RadiusExchange implements Exchange {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int STATUS_SERVER = 12;
    private static final int MESSAGE_AUTHENTICATOR = 80;
    private static final int HEADER = 20;
    private final byte[] secret;
    private final byte[] authenticator = new byte[16];
    private final byte id = (byte) RANDOM.nextInt();

    RadiusExchange(ServiceCheck check) {
        secret = check.secret().orElse("").getBytes(StandardCharsets.UTF_8);
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
    public Action received(byte[] bytes) {
        if (bytes.length < HEADER || bytes[1] != id) {
            return new Action.Read();
        }
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(bytes, 0, 4);
            md5.update(authenticator);
            md5.update(bytes, HEADER, bytes.length - HEADER);
            byte[] expected = md5.digest(secret);
            if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, 4, HEADER))) {
                return Exchange.fail("a response signed with the shared secret", "another signature");
            }
            return Exchange.pass();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
