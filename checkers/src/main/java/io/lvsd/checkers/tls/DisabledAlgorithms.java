package io.lvsd.checkers.tls;

import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Algorithms that the security properties of the Java runtime disable, to name the one that made a handshake fail. For messages
 * only.
 */
final class DisabledAlgorithms {
    private static final String CERTIFICATES = "jdk.certpath.disabledAlgorithms";

    private DisabledAlgorithms() {}

    /** The entries of a property, as in {@code RC4} and {@code DH keySize < 1024}. */
    static List<String> entries(String property) {
        String value = Security.getProperty(property);
        return value == null
                ? List.of()
                : Arrays.stream(value.split(","))
                        .map(entry -> entry.strip().replaceAll("\\s+", " "))
                        .filter(entry -> !entry.isEmpty())
                        .toList();
    }

    /** Entries that disable algorithms of the handshake entirely, in one line. */
    static String ofHandshake() {
        return entries(TlsAlgorithms.PROPERTY).stream()
                .filter(entry -> !entry.contains(" ") && !entry.startsWith("DTLS"))
                .collect(Collectors.joining(" "));
    }

    /** Entries that begin with the name of an algorithm, in one line; empty if there are none. */
    static String about(String algorithm) {
        return Stream.of(TlsAlgorithms.PROPERTY, CERTIFICATES)
                .flatMap(property -> entries(property).stream())
                .filter(entry -> entry.equals(algorithm) || entry.startsWith(algorithm + " "))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** The entry that disables a cipher suite; empty if none does. */
    static Optional<String> ofSuite(String suite) {
        Set<String> parts = Set.of(suite.split("_"));
        return entries(TlsAlgorithms.PROPERTY).stream()
                .filter(entry -> entry.endsWith("*")
                        ? suite.startsWith(entry.substring(0, entry.length() - 1))
                        : parts.contains(entry) || suite.contains("_" + entry + "_"))
                .findFirst();
    }
}
