package io.lvsd.checkers.transport;

import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How this host reaches real servers through a virtual address. If the virtual address is one of its own, the kernel would
 * use it as the source address, too, and the response would never leave the real server; so the probe uses the address of
 * this host on the route to the real server. The response then comes from one of the host's own addresses, which IPv4
 * drops as spoofed unless {@code accept_local} is 1 on the receiving interface (net/ipv4/fib_frontend.c,
 * __fib_validate_source). Used by one thread.
 */
public final class ViaVipRouting {
    /** Addresses and sysctls are read again after this. */
    private static final long MAX_AGE = Duration.ofSeconds(5).toNanos();

    private static final int DISCARD = 9;

    private final Path sysctls;
    private final Map<Key, Route> routes = new HashMap<>();
    private long since;

    private record Key(InetAddress virtual, InetAddress realServer, Optional<InetAddress> source) {}

    /**
     * The route of a probe.
     *
     * @param source address; empty: the kernel selects it
     * @param problem why a probe is not possible; empty if it is
     */
    public record Route(Optional<InetAddress> source, String problem) {}

    /** @param sysctls directory of the kernel's settings, /proc/sys */
    public ViaVipRouting(Path sysctls) {
        this.sysctls = sysctls;
        this.since = System.nanoTime();
    }

    /** The route to a real server, a few seconds old at most. */
    public Route route(ProbeAddress target, long now) {
        if (now - since > MAX_AGE) {
            routes.clear();
            since = now;
        }
        return routes.computeIfAbsent(
                new Key(target.address(), target.realServer().orElseThrow(), target.bindAddress()), this::find);
    }

    private Route find(Key key) {
        try {
            if (NetworkInterface.getByInetAddress(key.virtual()) == null) {
                return new Route(key.source(), "");
            }
            InetAddress source = key.source().isPresent() ? key.source().get() : addressTowards(key.realServer());
            NetworkInterface receiving = NetworkInterface.getByInetAddress(source);
            if (receiving == null) {
                return new Route(Optional.empty(), IpAddresses.text(source) + " is not an address of this host");
            }
            if (source.equals(key.virtual())) {
                return new Route(
                        Optional.empty(),
                        "the virtual address is the only address of this host towards "
                                + IpAddresses.text(key.realServer())
                                + ": add bindto with another address of this host to the check");
            }
            return new Route(Optional.of(source), problem(source, receiving.getName()));
        } catch (IOException e) {
            return new Route(
                    Optional.empty(), "no route to " + IpAddresses.text(key.realServer()) + ": " + IoReason.of(e));
        }
    }

    /** The source address that the kernel would select; nothing is sent. */
    private static InetAddress addressTowards(InetAddress host) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(host, DISCARD));
            return socket.getLocalAddress();
        }
    }

    private String problem(InetAddress source, String name) throws IOException {
        boolean accepted = !IpAddresses.isIpv4(source) || isOn(name) || isOn("all");
        return accepted
                ? ""
                : "net.ipv4.conf." + name
                        + ".accept_local is 0, so responses from the virtual address are dropped: set it"
                        + " to 1, or add accept_local " + name + " to the lvsd block";
    }

    private boolean isOn(String name) throws IOException {
        return !Files.readString(sysctls.resolve("net/ipv4/conf/" + name + "/accept_local"))
                .strip()
                .equals("0");
    }
}
