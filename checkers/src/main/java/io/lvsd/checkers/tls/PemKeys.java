package io.lvsd.checkers.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Private keys in the encodings that OpenSSL writes: PKCS #8 (RFC 5958), PKCS #1 (RFC 8017) and RFC 5915. */
final class PemKeys {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");
    private static final String PBES2 = "1.2.840.113549.1.5.13";
    /** Algorithm identifier of RSA: rsaEncryption and NULL. */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    /** Object identifier id-ecPublicKey. */
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private static final byte[] VERSION = {0x02, 0x01, 0x00};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0;

    private PemKeys() {}

    /**
     * A key that is not encrypted.
     *
     * @param type of the PEM block, as in {@code EC PRIVATE KEY}
     */
    static PrivateKey plain(String type, byte[] der) throws GeneralSecurityException {
        return switch (type) {
            case "PRIVATE KEY" -> pkcs8(der);
            case "RSA PRIVATE KEY" -> pkcs8(element(SEQUENCE, VERSION, RSA, element(OCTETS, der)));
            case "EC PRIVATE KEY" ->
                pkcs8(element(SEQUENCE, VERSION, element(SEQUENCE, EC, curve(der)), element(OCTETS, der)));
            default -> throw new InvalidKeySpecException(type);
        };
    }

    /**
     * A key encrypted as PKCS #8 has it.
     *
     * @throws NoSuchAlgorithmException if the Java runtime cannot decrypt it, whatever the password is
     */
    static PrivateKey encrypted(byte[] der, String password) throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray());
        EncryptedPrivateKeyInfo info;
        Cipher cipher;
        try {
            info = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = info.getAlgParameters();
            // The name PBES2 does not determine the cipher; its parameters do.
            boolean scheme = parameters != null
                    && (info.getAlgName().equals("PBES2") || info.getAlgName().equals(PBES2));
            String algorithm = scheme ? String.valueOf(parameters) : info.getAlgName();
            cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(spec), parameters);
        } catch (GeneralSecurityException | IOException e) {
            throw new NoSuchAlgorithmException("no cipher for this key", e);
        } finally {
            spec.clearPassword();
        }
        return pkcs8(info.getKeySpec(cipher).getEncoded());
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException _) {
                // The key has another algorithm.
            }
        }
        throw new InvalidKeySpecException("no known algorithm");
    }

    /** Whether a private and a public key are a pair. */
    static boolean isPair(PrivateKey key, PublicKey other) {
        if (key instanceof RSAKey one && other instanceof RSAKey two) {
            return one.getModulus().equals(two.getModulus());
        }
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        String algorithm = key.getAlgorithm().equals("EdDSA")
                ? "EdDSA"
                : "SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : key.getAlgorithm());
        try {
            byte[] text = {1, 2, 3};
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(other);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException _) {
            return false; // Keys of different curves.
        }
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The curve, an object identifier, of a key of RFC 5915, where it is optional. */
    private static byte[] curve(byte[] der) throws InvalidKeySpecException {
        int at = headerLength(der, 0);
        while (at < der.length) {
            int header = headerLength(der, at);
            int end = at + header + length(der, at);
            if (end > der.length || end <= at) {
                break;
            }
            if ((der[at] & 0xff) == PARAMETERS) {
                return Arrays.copyOfRange(der, at + header, end);
            }
            at = end;
        }
        throw new InvalidKeySpecException("no curve");
    }

    private static int headerLength(byte[] der, int at) throws InvalidKeySpecException {
        length(der, at);
        return 2 + (der[at + 1] < 0 ? der[at + 1] & 0x7f : 0);
    }

    private static int length(byte[] der, int at) throws InvalidKeySpecException {
        int first = at + 1 < der.length ? der[at + 1] & 0xff : 0xff;
        if (first < 0x80) {
            return first;
        }
        int bytes = first & 0x7f;
        if (bytes < 1 || bytes > 3 || at + 2 + bytes > der.length) {
            throw new InvalidKeySpecException("bad length");
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        return length;
    }
}
