package io.lvsd.core.host;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.HostFacts.Listener;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the addresses of this network namespace the TCP sockets that listen in it, and its DNS servers. */
public final class HostReader {
    private static final Pattern LISTENING =
            Pattern.compile("\\s*\\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:0000 0A .*");
    /** A UDP socket at port 53 that is not connected. */
    private static final Pattern DNS = Pattern.compile("\\s*\\d+: ([0-9A-F]+):0035 [0-9A-F]+:0000 07 .*");

    private static final int DNS_PORT = 53;

    private HostReader() {}

    /** @param own lvsd's own listeners, which are left out */
    public static HostFacts read(Set<Listener> own) {
        Set<Listener> listeners = new HashSet<>();
        for (String table : List.of("/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6")) {
            try (BufferedReader lines = Files.newBufferedReader(Path.of(table), StandardCharsets.US_ASCII)) {
                listeners.addAll(listeners(lines));
            } catch (IOException _) {
                // A kernel without IPv6 has no tcp6.
            }
        }
        listeners.removeAll(own);
        return new HostFacts(addresses(), listeners, dns(own));
    }

    private static Set<InetAddress> dns(Set<Listener> own) {
        Set<InetAddress> found = new HashSet<>();
        for (String table : List.of("/proc/thread-self/net/udp", "/proc/thread-self/net/udp6")) {
            try (BufferedReader lines = Files.newBufferedReader(Path.of(table), StandardCharsets.US_ASCII)) {
                found.addAll(dns(lines));
            } catch (IOException _) {
                // A kernel without IPv6 has no udp6.
            }
        }
        found.removeIf(address -> own.contains(new Listener(address, DNS_PORT)));
        return found;
    }

    /** The addresses of DNS servers in a table in the format of {@code /proc/net/udp}. */
    static Set<InetAddress> dns(BufferedReader lines) throws IOException {
        Set<InetAddress> found = new HashSet<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher m = DNS.matcher(line);
            if (m.matches()) {
                found.add(address(m.group(1)));
            }
        }
        return found;
    }

    private static Set<InetAddress> addresses() {
        try {
            Set<InetAddress> all = new HashSet<>();
            NetworkInterface.networkInterfaces()
                    .forEach(i -> i.inetAddresses().forEach(a -> all.add(IpAddresses.ofBytes(a.getAddress()))));
            return all;
        } catch (SocketException e) {
            return Set.of();
        }
    }

    /**
     * The listening sockets of a table in the format of {@code /proc/net/tcp}. The kernel prints them first
     * (net/ipv4/tcp_ipv4.c, tcp_get_idx). The other sockets are not read: a director has tens of thousands of them, its own
     * probes of the last minute.
     */
    static Set<Listener> listeners(BufferedReader lines) throws IOException {
        Set<Listener> found = new HashSet<>();
        String head = lines.readLine();
        for (String line = lines.readLine(); head != null && line != null; line = lines.readLine()) {
            Matcher m = LISTENING.matcher(line);
            if (!m.matches()) {
                break;
            }
            found.add(new Listener(address(m.group(1)), Integer.parseInt(m.group(2), 16)));
        }
        return found;
    }

    /** An address is printed as 32-bit words in host byte order, so the bytes of each are reversed on little-endian hosts. */
    private static InetAddress address(String hex) {
        byte[] raw = HexFormat.of().parseHex(hex);
        byte[] bytes = new byte[raw.length];
        boolean little = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < raw.length; i++) {
            bytes[i] = little ? raw[(i & ~3) + 3 - (i & 3)] : raw[i];
        }
        return IpAddresses.ofBytes(bytes);
    }
}
