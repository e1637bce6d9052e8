package io.lvsd.conf.check.tls;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cipher suites that the Java runtime knows, by their names in OpenSSL, in the IANA registry and in the Java runtime. A
 * table, as a check to the runtime would fix which algorithms it has disabled.
 */
final class CipherSuites {
    private static final List<String> KEY_EXCHANGES = List.of(
            "ECDHE_ECDSA", "ECDHE_RSA", "DHE_RSA", "DHE_DSS", "ECDH_ECDSA", "ECDH_RSA", "RSA", "DH_anon", "ECDH_anon");
    private static final List<String> CIPHERS = List.of(
            "AES_256_GCM_SHA384",
            "AES_128_GCM_SHA256",
            "CHACHA20_POLY1305_SHA256",
            "AES_256_CBC_SHA384",
            "AES_256_CBC_SHA256",
            "AES_128_CBC_SHA256",
            "AES_256_CBC_SHA",
            "AES_128_CBC_SHA",
            "3DES_EDE_CBC_SHA",
            "RC4_128_SHA",
            "RC4_128_MD5",
            "NULL_SHA256",
            "NULL_SHA",
            "NULL_MD5");
    /** Of TLS 1.3, where they say nothing about the key exchange. */
    private static final List<String> OF_1_3 =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

    private static final Map<String, String> BY_NAME = table();

    private CipherSuites() {}

    private static Map<String, String> table() {
        Map<String, String> names = new LinkedHashMap<>();
        OF_1_3.forEach(name -> names.put(name, name));
        for (String exchange : KEY_EXCHANGES) {
            for (String cipher : CIPHERS) {
                if (isDefined(exchange, cipher)) {
                    String iana = "TLS_" + exchange + "_WITH_" + cipher;
                    String java = (hasOldPrefix(exchange, cipher) ? "SSL_" : "TLS_") + iana.substring(4);
                    Stream.of(openssl(exchange, cipher), iana, java).forEach(name -> names.put(name, java));
                }
            }
        }
        return names;
    }

    private static boolean isDefined(String exchange, String cipher) {
        boolean elliptic = exchange.startsWith("EC");
        boolean ephemeral = exchange.startsWith("ECDHE") || exchange.equals("DHE_RSA");
        return switch (cipher) {
            case "CHACHA20_POLY1305_SHA256" -> ephemeral;
            case "AES_256_CBC_SHA384" -> elliptic && !exchange.endsWith("anon");
            case "AES_256_CBC_SHA256" -> !elliptic;
            case "AES_256_GCM_SHA384", "AES_128_GCM_SHA256", "AES_128_CBC_SHA256" -> !exchange.equals("ECDH_anon");
            case "RC4_128_SHA" -> elliptic || exchange.equals("RSA");
            case "RC4_128_MD5" -> exchange.equals("RSA") || exchange.equals("DH_anon");
            case "NULL_SHA" -> elliptic || exchange.equals("RSA");
            case "NULL_SHA256", "NULL_MD5" -> exchange.equals("RSA");
            default -> true;
        };
    }

    /** Suites that are older than TLS have an older prefix in the Java runtime. */
    private static boolean hasOldPrefix(String exchange, String cipher) {
        boolean old = cipher.startsWith("3DES") || cipher.startsWith("RC4") || cipher.matches("NULL_(SHA|MD5)");
        return old && !exchange.startsWith("EC");
    }

    /** {@code ECDHE-RSA-AES256-GCM-SHA384}; RSA key exchange and the mode CBC are not written. */
    private static String openssl(String exchange, String cipher) {
        String prefix = switch (exchange) {
            case "RSA" -> "";
            case "DH_anon" -> "ADH-";
            case "ECDH_anon" -> "AECDH-";
            default -> exchange.replace('_', '-') + "-";
        };
        String name = switch (cipher) {
            case "CHACHA20_POLY1305_SHA256" -> "CHACHA20-POLY1305";
            case "3DES_EDE_CBC_SHA" -> "DES-CBC3-SHA";
            default ->
                cipher.replace("AES_", "AES")
                        .replace("_CBC", "")
                        .replace("RC4_128", "RC4")
                        .replace('_', '-');
        };
        return prefix + name;
    }

    /** The name in the Java runtime; empty if there is no such suite. */
    static Optional<String> javaName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Every name that is understood. */
    static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }
}
