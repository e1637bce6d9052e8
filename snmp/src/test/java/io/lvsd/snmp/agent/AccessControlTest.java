package io.lvsd.snmp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Network;
import io.lvsd.conf.model.SnmpConfig.SystemGroup;
import io.lvsd.conf.model.SnmpConfig.User;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.Community;
import io.lvsd.snmp.agent.AccessControl.Rights;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.snmp4j.security.SecurityLevel;

final class AccessControlTest {
    private static final InetAddress OFFICE = address(10, 1, 0, 0);
    private static final InetAddress CLIENT = address(10, 1, 2, 3);
    private static final InetAddress STRANGER = address(10, 2, 2, 3);

    private static InetAddress address(int... bytes) {
        return IpAddresses.ofBytes(new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]});
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static AccessControl of(List<Community> communities, List<User> users, boolean write) {
        return new AccessControl(new SnmpConfig(
                List.of(),
                communities,
                users,
                Optional.empty(),
                List.of(),
                write,
                SnmpConfig.INTERVAL,
                SnmpConfig.RATE_LIMIT,
                SystemGroup.EMPTY,
                Optional.empty()));
    }

    @Test
    void aCommunityIsForItsNetwork() {
        AccessControl access = of(List.of(new Community("c", OFFICE, 16)), List.of(), true);
        assertEquals(
                Optional.of(new Rights("c", List.of(), false)), access.community(bytes("c"), CLIENT), "never write");
        assertEquals(Optional.empty(), access.community(bytes("c"), STRANGER));
        assertEquals(Optional.empty(), access.community(bytes("C"), CLIENT));
        assertEquals(Optional.empty(), access.community(bytes(""), CLIENT));
        assertTrue(access.knows(CLIENT));
        assertFalse(access.knows(STRANGER));
    }

    @Test
    void loopbackIsOneNetworkForBothFamilies() {
        AccessControl access = of(List.of(new Community("c", address(127, 0, 0, 0), 8)), List.of(), false);
        assertTrue(access.knows(IpAddresses.ofBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})));
        assertFalse(access.knows(CLIENT));
    }

    @Test
    void aUserNeedsTheLevelOfItsPasswords() {
        AccessControl access = of(List.of(), List.of(AgentFixture.READER), true);
        assertTrue(access.user(bytes("reader"), SecurityLevel.AUTH_PRIV, CLIENT).isPresent());
        assertTrue(
                access.user(bytes("reader"), SecurityLevel.AUTH_NOPRIV, CLIENT).isEmpty());
        assertTrue(access.user(bytes("reader"), SecurityLevel.NOAUTH_NOPRIV, CLIENT)
                .isEmpty());
        assertTrue(access.user(bytes("other"), SecurityLevel.AUTH_PRIV, CLIENT).isEmpty());
    }

    @Test
    void writeNeedsTheUserAndTheBlock() {
        List<User> users = List.of(AgentFixture.READER, AgentFixture.WRITER);
        assertTrue(writes(of(List.of(), users, true), "writer"));
        assertFalse(writes(of(List.of(), users, true), "reader"));
        assertFalse(writes(of(List.of(), users, false), "writer"));
    }

    private static boolean writes(AccessControl access, String user) {
        return access.user(bytes(user), SecurityLevel.AUTH_PRIV, CLIENT)
                .orElseThrow()
                .write();
    }

    @Test
    void aUserMayHaveNetworks() {
        User local = new User(
                "local", Optional.empty(), Optional.empty(), List.of(new Network(OFFICE, 16)), List.of(), false);
        AccessControl access = of(List.of(), List.of(local), false);
        assertTrue(
                access.user(bytes("local"), SecurityLevel.NOAUTH_NOPRIV, CLIENT).isPresent());
        assertTrue(access.user(bytes("local"), SecurityLevel.NOAUTH_NOPRIV, STRANGER)
                .isEmpty());
        assertFalse(access.knows(STRANGER));
    }
}
