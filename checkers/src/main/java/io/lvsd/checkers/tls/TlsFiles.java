package io.lvsd.checkers.tls;

import io.lvsd.checkers.files.RegularFile;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.Tls.ClientCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads the certificates and private keys of probes, PEM. Thread-safe. */
public final class TlsFiles {
    /** Of one file; a large bundle of authorities has 250 kB. */
    private static final int MAX_BYTES = 4 << 20;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private TlsFiles() {}

    /** A file, or another TLS setting, cannot be used. The message names it and gives the reason in words. */
    public static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String hint;

        UnusableException(Path file, String reason, String hint) {
            this("cannot use '" + file + "': " + reason, hint);
        }

        UnusableException(String message, String hint) {
            super(message);
            this.hint = hint;
        }

        /** How to fix it. */
        public String hint() {
            return hint;
        }
    }

    /** A part of a file between its BEGIN and its END. */
    private record Block(String type, String content) {}

    /** The certificates of a file, in its order; at least one. Other parts of the file are skipped. */
    public static List<X509Certificate> certificates(Path file) throws UnusableException {
        List<X509Certificate> all = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (!block.type().equals("CERTIFICATE") && !block.type().equals("X509 CERTIFICATE")) {
                continue;
            }
            try {
                byte[] der = decoded(block.content());
                all.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            } catch (CertificateException | IllegalArgumentException e) {
                throw new UnusableException(
                        file,
                        "certificate " + (all.size() + 1) + " in it is invalid",
                        "inspect it with: openssl x509 -noout -text -in " + file);
            }
        }
        if (all.isEmpty()) {
            throw new UnusableException(
                    file, "it contains no certificate", "expected PEM: -----BEGIN CERTIFICATE-----");
        }
        return all;
    }

    /**
     * The private key of a file.
     *
     * @param password empty for none
     * @param certificate a file whose first certificate must have the key's public half; empty: not compared
     */
    public static PrivateKey key(Path file, String password, Optional<Path> certificate) throws UnusableException {
        PrivateKey key = key(file, password);
        if (certificate.isPresent()) {
            X509Certificate first = certificates(certificate.get()).getFirst();
            if (!PemKeys.isPair(key, first.getPublicKey())) {
                throw new UnusableException(
                        file,
                        "the key does not belong to the certificate in '" + certificate.get() + "'",
                        "the certificate of the key must be the first one in its file");
            }
        }
        return key;
    }

    private static PrivateKey key(Path file, String password) throws UnusableException {
        for (Block block : blocks(file)) {
            if (!block.type().endsWith("PRIVATE KEY")) {
                continue;
            }
            if (block.content().contains("ENCRYPTED")) {
                throw new UnusableException(
                        file,
                        "the key is encrypted in an unsupported format",
                        "convert it with: openssl pkcs8 -topk8 -in " + file + " -out NEWFILE");
            }
            boolean encrypted = block.type().equals("ENCRYPTED PRIVATE KEY");
            if (encrypted && password.isEmpty()) {
                throw new UnusableException(
                        file, "the key is encrypted and no password is configured", "add the password of the key");
            }
            try {
                byte[] der = decoded(block.content());
                return encrypted ? PemKeys.encrypted(der, password) : PemKeys.plain(block.type(), der);
            } catch (NoSuchAlgorithmException _) {
                throw new UnusableException(
                        file,
                        "the key is encrypted with an algorithm that the Java runtime does not support",
                        "convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in " + file + " -out NEWFILE");
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw encrypted
                        ? new UnusableException(
                                file, "wrong password for the encrypted key", "correct the password of the key")
                        : new UnusableException(
                                file,
                                "the key in it is invalid or of an unsupported type",
                                "inspect it with: openssl pkey -noout -text -in " + file);
            }
        }
        throw new UnusableException(file, "it contains no private key", "expected PEM: -----BEGIN PRIVATE KEY-----");
    }

    /** A key with the certificates that belong to it. */
    record Identity(PrivateKey key, List<X509Certificate> chain) {}

    static Identity identity(ClientCertificate client) throws UnusableException {
        List<X509Certificate> chain = certificates(client.chain());
        return new Identity(key(client.key(), client.password(), Optional.of(client.chain())), chain);
    }

    private static byte[] decoded(String content) {
        return Base64.getMimeDecoder().decode(content);
    }

    private static List<Block> blocks(Path file) throws UnusableException {
        String text = text(file);
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int typeEnd = text.indexOf(DASHES, at + BEGIN.length());
            if (typeEnd < 0) {
                break;
            }
            String type = text.substring(at + BEGIN.length(), typeEnd);
            int end = text.indexOf(END + type + DASHES, typeEnd);
            if (end < 0) {
                throw new UnusableException(file, "it has no " + END.strip() + " line", "copy the file again");
            }
            blocks.add(new Block(type, text.substring(typeEnd + DASHES.length(), end)));
            at = text.indexOf(BEGIN, end);
        }
        return blocks;
    }

    /** Of a regular file only: a FIFO would block. */
    private static String text(Path file) throws UnusableException {
        String hint = "name a file that " + System.getProperty("user.name", "lvsd") + " can read";
        try {
            byte[] bytes = RegularFile.head(file, MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new UnusableException(file, "it has more than " + (MAX_BYTES >> 20) + " MiB", hint);
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            Arrays.fill(bytes, (byte) 0);
            return text;
        } catch (IOException e) {
            throw new UnusableException(file, IoReason.of(e), hint);
        }
    }
}
