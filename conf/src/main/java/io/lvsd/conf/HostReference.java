package io.lvsd.conf;

/**
 * A name in a configuration that means something on the host: whether it exists there is known at load time, but only to
 * those who may read the host.
 *
 * @param keyword whose value it is
 * @param origin of the word
 */
public record HostReference(Kind kind, String name, String keyword, Origin origin) {
    /** What the name is to name. */
    public enum Kind {
        USER,
        GROUP,
        /** A network interface. */
        INTERFACE,
        /** An address of an interface. */
        ADDRESS,
        /** A network namespace of ip-netns(8). */
        NAMESPACE,
        /** A regular file that can be read. */
        FILE,
        DIRECTORY
    }
}
