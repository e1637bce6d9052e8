package io.lvsd.core.host;

import io.lvsd.checkers.tls.TlsAlgorithms;
import io.lvsd.checkers.tls.TlsFiles;
import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.ConfigProblem.Severity;
import io.lvsd.conf.source.HostReference;
import io.lvsd.conf.source.HostReference.KeyUse;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks that the users, groups, interfaces, addresses, namespaces and files that a configuration names exist on this host.
 * Reads the host and its account databases; does not query DNS.
 */
final class HostReferences {
    private final Map<Target, Optional<Finding>> known = new HashMap<>();
    private final Set<InetAddress> addresses;
    private final Set<String> interfaces;
    private final boolean otherNamespace;
    private final DocumentRoots documentRoots = DocumentRoots.ofThisHost();

    /** A problem with a name, and its remedy. */
    private record Finding(Severity severity, String text, String hint) {}

    /** Identifies references to the same object at different positions. */
    private record Target(Kind kind, String name, Optional<KeyUse> use) {}

    private HostReferences(boolean otherNamespace) {
        this.otherNamespace = otherNamespace;
        List<NetworkInterface> all = interfaces();
        this.interfaces = all.stream().map(NetworkInterface::getName).collect(Collectors.toSet());
        this.addresses = all.stream()
                .flatMap(NetworkInterface::inetAddresses)
                .map(a -> IpAddresses.ofBytes(a.getAddress()))
                .collect(Collectors.toSet());
    }

    /** The problems of all references of a configuration, each with the position of its value. */
    static List<ConfigProblem> problems(Loaded loaded) {
        if (loaded.references().isEmpty()) {
            return List.of();
        }
        HostReferences host =
                new HostReferences(loaded.config().namespaces().daemon().isPresent());
        List<ConfigProblem> problems = new ArrayList<>();
        for (HostReference reference : loaded.references()) {
            host.known
                    .computeIfAbsent(
                            new Target(reference.kind(), reference.name(), reference.use()),
                            _ -> host.finding(reference))
                    .map(f -> new ConfigProblem(
                            f.severity(), reference.origin(), "'" + reference.keyword() + "': " + f.text(), f.hint()))
                    .ifPresent(problems::add);
        }
        return problems;
    }

    private static List<NetworkInterface> interfaces() {
        try {
            return NetworkInterface.networkInterfaces().toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private Optional<Finding> finding(HostReference reference) {
        String name = reference.name();
        return switch (reference.kind()) {
            case USER, GROUP -> account(reference.kind(), name);
            case INTERFACE ->
                missing(
                        otherNamespace || interfaces.isEmpty() || interfaces.contains(name),
                        "interface '" + name + "' does not exist at present",
                        "existing interfaces: "
                                + String.join(" ", interfaces.stream().sorted().toList()));
            case ADDRESS ->
                missing(
                        otherNamespace
                                || addresses.isEmpty()
                                || IpAddresses.address(name)
                                        .map(addresses::contains)
                                        .orElse(true),
                        "address " + name + " is not configured on this host at present",
                        "probes cannot use it until an interface has it; 'ip address' lists the addresses");
            case NAMESPACE ->
                missing(
                        Files.exists(Path.of("/run/netns", name)),
                        "network namespace '" + name
                                + "' does not exist at present; the daemon does not start without it",
                        "create it with: ip netns add " + name);
            case FILE -> file(name);
            case CERTIFICATES, PRIVATE_KEY -> tls(reference);
            case TOKENS -> privateFile(() -> TokenFile.read(Path.of(name)));
            case SECRET -> privateFile(() -> SecretFile.firstLine(Path.of(name)));
            case CIPHER_SUITE ->
                TlsAlgorithms.unusable(name)
                        .map(reason -> new Finding(
                                Severity.ERROR, reason, "expected a cipher suite such as ECDHE-RSA-AES256-GCM-SHA384"));
            case DOCUMENT_ROOT ->
                documentRoots.unsafe(Path.of(name)).map(u -> new Finding(Severity.ERROR, u.reason(), u.remedy()));
        };
    }

    private static Optional<Finding> missing(boolean exists, String text, String hint) {
        return exists ? Optional.empty() : Optional.of(new Finding(Severity.WARNING, text, hint));
    }

    private static Optional<Finding> account(Kind kind, String name) {
        UserPrincipalLookupService accounts = FileSystems.getDefault().getUserPrincipalLookupService();
        String what = kind == Kind.USER ? "user" : "group";
        try {
            if (kind == Kind.USER) {
                accounts.lookupPrincipalByName(name);
            } else {
                accounts.lookupPrincipalByGroupName(name);
            }
            return Optional.empty();
        } catch (UserPrincipalNotFoundException e) {
            return Optional.of(new Finding(
                    Severity.ERROR,
                    "unknown " + what + " '" + name + "'",
                    "expected a " + what + " that 'getent " + (kind == Kind.USER ? "passwd" : "group") + "' lists"));
        } catch (IOException e) {
            return Optional.empty(); // The account database is not available, so it is unknown whether the name exists.
        }
    }

    private static Optional<Finding> file(String name) {
        Path file = Path.of(name);
        String reason = !Files.exists(file)
                ? "does not exist"
                : !Files.isRegularFile(file)
                        ? "is not a regular file"
                        : !Files.isReadable(file) ? "cannot be read" : "";
        return reason.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        Severity.ERROR,
                        "'" + name + "' " + reason,
                        "expected a file that user " + user() + " can read"));
    }

    /** Reads a file that other users must not be able to read. */
    private interface PrivateFile {
        Object read() throws TokenFile.UnusableException;
    }

    private static Optional<Finding> privateFile(PrivateFile file) {
        try {
            Object _ = file.read();
            return Optional.empty();
        } catch (TokenFile.UnusableException e) {
            return Optional.of(new Finding(Severity.ERROR, IoReason.of(e), e.hint()));
        }
    }

    /** A file with a certificate or a key. The certificate of a key has its own reference. */
    private static Optional<Finding> tls(HostReference reference) {
        Path file = Path.of(reference.name());
        try {
            Optional<KeyUse> use = reference.use();
            if (use.isEmpty()) {
                TlsFiles.certificates(file);
            } else {
                TlsFiles.key(file, use.get().password(), usableCertificate(use.get()));
            }
            return Optional.empty();
        } catch (TlsFiles.UnusableException e) {
            return Optional.of(new Finding(Severity.ERROR, IoReason.of(e), e.hint()));
        }
    }

    private static Optional<Path> usableCertificate(KeyUse use) {
        return use.certificate().map(Path::of).filter(file -> {
            try {
                return !TlsFiles.certificates(file).isEmpty();
            } catch (TlsFiles.UnusableException _) {
                return false;
            }
        });
    }

    private static String user() {
        return System.getProperty("user.name", "lvsd");
    }
}
