package io.lvsd.ipvs;

import io.lvsd.ipvs.ffm.Errno;

/** What became of one command. */
public sealed interface ApplyResult {
    /** The kernel carried it out. */
    record Applied() implements ApplyResult {}

    /** The table is not what it was thought to be (EEXIST, ESRCH, ENOENT): read it again. */
    record Stale(int errno) implements ApplyResult {}

    /** The kernel refused it, and would again. */
    record Rejected(int errno, String text) implements ApplyResult {}

    /**
     * Classifies an errno of one command. ENOENT on a new or changed service means that the kernel does not know the
     * scheduler, which reading the table again does not fix.
     */
    static ApplyResult of(IpvsCommand command, int errno, String text) {
        if (errno == 0) {
            return new Applied();
        }
        boolean stale = switch (command) {
            case IpvsCommand.NewService _ -> errno == Errno.EEXIST.number();
            case IpvsCommand.SetService _, IpvsCommand.DelService _, IpvsCommand.Zero _, IpvsCommand.DelDaemon _ ->
                errno == Errno.ESRCH.number();
            case IpvsCommand.NewDest _ -> errno == Errno.EEXIST.number() || errno == Errno.ESRCH.number();
            case IpvsCommand.SetDest _, IpvsCommand.DelDest _ ->
                errno == Errno.ENOENT.number() || errno == Errno.ESRCH.number();
            case IpvsCommand.NewDaemon _ -> errno == Errno.EEXIST.number();
            case IpvsCommand.SetTimeouts _, IpvsCommand.ZeroAll _ -> false;
        };
        if (stale) {
            return new Stale(errno);
        }
        return new Rejected(errno, text.isEmpty() ? hint(command, errno) : text);
    }

    private static String hint(IpvsCommand command, int errno) {
        if (errno == Errno.ENOENT.number()
                && (command instanceof IpvsCommand.NewService || command instanceof IpvsCommand.SetService)) {
            return "unknown scheduler or persistence engine: this kernel does not have it";
        }
        return errno == Errno.EPERM.number() ? "needs CAP_NET_ADMIN" : "";
    }

    default boolean applied() {
        return this instanceof Applied;
    }

    /** {@code NEW_DEST 192.0.2.1:80/tcp -> 10.0.0.1:80 weight 1: ERANGE (out of range)}. */
    default String describe(IpvsCommand command) {
        return switch (this) {
            case Applied() -> command + ": done";
            case Stale(int errno) -> command + ": " + Errno.describe(errno);
            case Rejected(int errno, String text) ->
                command + ": " + Errno.describe(errno) + (text.isEmpty() ? "" : ", " + text);
        };
    }
}
