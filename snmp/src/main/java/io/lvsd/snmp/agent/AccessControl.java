package io.lvsd.snmp.agent;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.User;
import io.lvsd.conf.value.Community;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.smi.OID;

/** Who may do what (RFC 3415): by community and source, or by user, security level and source. Pure. */
final class AccessControl {
    private final SnmpConfig config;
    private final List<Member> members;

    /** A community with what is compared with each request. */
    private static final class Member {
        private final byte[] name;
        private final Community community;
        private final Rights rights;

        Member(Community community) {
            this.name = community.name().getBytes(StandardCharsets.UTF_8);
            this.community = community;
            this.rights = new Rights(community.name(), List.of(), false);
        }

        boolean isNamed(byte[] text) {
            return MessageDigest.isEqual(name, text);
        }

        boolean contains(InetAddress source) {
            return AccessControl.contains(community.network(), community.prefix(), source);
        }
    }

    AccessControl(SnmpConfig config) {
        this.config = config;
        this.members = config.communities().stream().map(Member::new).toList();
    }

    /**
     * What a request may do.
     *
     * @param views identifiers below which it may read and write, sorted; empty: everything
     * @param write whether it may set weights
     */
    record Rights(String name, List<OID> views, boolean write) {
        Rights {
            views = List.copyOf(views);
        }

        /** Whether an object is below one of the views. */
        boolean isVisible(OID oid) {
            return views.isEmpty() || views.stream().anyMatch(oid::startsWith);
        }
    }

    /** Whether a request from this source can be allowed at all; what is not is dropped before it is decoded. */
    boolean knows(InetAddress source) {
        for (Member member : members) {
            if (member.contains(source)) {
                return true;
            }
        }
        return config.users().stream().anyMatch(u -> accepts(u, source));
    }

    private static boolean accepts(User user, InetAddress source) {
        return user.networks().isEmpty()
                || user.networks().stream().anyMatch(n -> contains(n.address(), n.prefix(), source));
    }

    /** The rights of a community of v1 or v2c; empty if it is unknown, or if the source may not use it. */
    Optional<Rights> community(byte[] name, InetAddress source) {
        for (Member member : members) {
            if (member.isNamed(name) && member.contains(source)) {
                return Optional.of(member.rights);
            }
        }
        return Optional.empty();
    }

    /**
     * The rights of a user of v3. A user with passwords has none at a lower security level than these allow.
     *
     * @param level of {@link SecurityLevel}
     */
    Optional<Rights> user(byte[] name, int level, InetAddress source) {
        String text = new String(name, StandardCharsets.UTF_8);
        return config.users().stream()
                .filter(u -> u.name().equals(text) && accepts(u, source) && level >= level(u))
                .map(u -> new Rights(
                        u.name(),
                        u.views().stream().map(OID::new).sorted().toList(),
                        config.write() && u.write() && level == SecurityLevel.AUTH_PRIV))
                .findFirst();
    }

    private static int level(User user) {
        return user.priv().isPresent()
                ? SecurityLevel.AUTH_PRIV
                : user.auth().isPresent() ? SecurityLevel.AUTH_NOPRIV : SecurityLevel.NOAUTH_NOPRIV;
    }

    /** Whether a source is within a network; one of loopback contains every address of loopback. */
    static boolean contains(InetAddress network, int prefix, InetAddress source) {
        byte[] first = network.getAddress();
        byte[] address = source.getAddress();
        if (first.length != address.length) {
            return source.isLoopbackAddress() && network.isLoopbackAddress();
        }
        int whole = prefix / Byte.SIZE;
        int rest = 0xff00 >> prefix % Byte.SIZE & 0xff;
        return Arrays.mismatch(first, 0, whole, address, 0, whole) < 0
                && (rest == 0 || ((first[whole] ^ address[whole]) & rest) == 0);
    }
}
