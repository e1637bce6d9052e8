package io.lvsd.ipvs.model;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection synchronisation daemon, {@code IPVS_DAEMON_ATTR_*}.
 *
 * @param role whether it sends or receives
 * @param multicastInterface at most 15 characters
 * @param syncId 0 to 255
 * @param maxLength of a datagram, 1 to 65507; 0 leaves it to the kernel
 * @param group multicast group; null leaves it to the kernel
 * @param port 0 leaves it to the kernel
 * @param ttl 0 leaves it to the kernel
 */
public record SyncDaemon(
        Role role,
        String multicastInterface,
        int syncId,
        int maxLength,
        @Nullable InetAddress group,
        int port,
        int ttl) {
    /** {@code IP_VS_STATE_MASTER} sends, {@code IP_VS_STATE_BACKUP} receives. */
    public enum Role {
        MASTER(1),
        BACKUP(2);

        private final int number;

        Role(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        static Role of(int number) {
            return number == MASTER.number ? MASTER : BACKUP;
        }
    }

    /** The role with this {@code IPVS_DAEMON_ATTR_STATE}. */
    public static Role role(long state) {
        return Role.of((int) state);
    }
}
