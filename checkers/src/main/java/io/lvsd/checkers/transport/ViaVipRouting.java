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
 * What this host has to do with probes that go through a virtual address. If the address is one of its own, the kernel
 * would pick it as the source, too, and the answer would never leave the real server; so the source is the address that the
 * host has towards the real server. The answer then comes from one of the host's own addresses, which IPv4 takes for a
 * forgery unless {@code accept_local} is 1 where it arrives (net/ipv4/fib_frontend.c, __fib_validate_source). Used by one
 * thread.
 */
public final class ViaVipRouting {
    /** Addresses and sysctls are looked at again after this. */
    private static final long GOOD_FOR = Duration.ofSeconds(5).toNanos();

    private static final int DISCARD = 9;

    private final Path sysctls;
    private final Map<Route, Answer> answers = new HashMap<>();
    private long since;

    private record Route(InetAddress virtual, InetAddress behind, Optional<InetAddress> source) {}

    /**
     * How a probe is made, or why it cannot be.
     *
     * @param source empty: whatever the kernel picks
     * @param trouble empty if it can be made
     */
    public record Answer(Optional<InetAddress> source, String trouble) {}

    /** @param sysctls directory of the kernel's settings, /proc/sys */
    public ViaVipRouting(Path sysctls) {
        this.sysctls = sysctls;
        this.since = System.nanoTime();
    }

    /** What is true now or was a few seconds ago. */
    public Answer of(ProbeAddress where, long now) {
        if (now - since > GOOD_FOR) {
            answers.clear();
            since = now;
        }
        return answers.computeIfAbsent(
                new Route(where.address(), where.realServer().orElseThrow(), where.bindAddress()), this::look);
    }

    private Answer look(Route route) {
        try {
            if (NetworkInterface.getByInetAddress(route.virtual()) == null) {
                return new Answer(route.source(), "");
            }
            InetAddress source = route.source().isPresent() ? route.source().get() : towards(route.behind());
            NetworkInterface arrives = NetworkInterface.getByInetAddress(source);
            if (arrives == null) {
                return new Answer(Optional.empty(), IpAddresses.text(source) + " is no address of this host");
            }
            if (source.equals(route.virtual())) {
                return new Answer(
                        Optional.empty(),
                        "the virtual address is the only one towards " + IpAddresses.text(route.behind())
                                + ": add bindto with another address of this host to the check");
            }
            return new Answer(Optional.of(source), trouble(source, arrives.getName()));
        } catch (IOException e) {
            return new Answer(
                    Optional.empty(), "no way to " + IpAddresses.text(route.behind()) + ": " + IoReason.of(e));
        }
    }

    /** The address that the kernel would use; nothing is sent. */
    private static InetAddress towards(InetAddress host) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(host, DISCARD));
            return socket.getLocalAddress();
        }
    }

    private String trouble(InetAddress source, String name) throws IOException {
        boolean good = !IpAddresses.isIpv4(source) || isOn(name) || isOn("all");
        return good
                ? ""
                : "net.ipv4.conf." + name
                        + ".accept_local is 0, so answers from the virtual address are dropped: set it"
                        + " to 1, or write accept_local " + name + " into the lvsd block";
    }

    private boolean isOn(String name) throws IOException {
        return !Files.readString(sysctls.resolve("net/ipv4/conf/" + name + "/accept_local"))
                .strip()
                .equals("0");
    }
}
