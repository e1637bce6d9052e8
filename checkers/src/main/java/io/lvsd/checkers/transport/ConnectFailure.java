package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.source.IoReason;
import io.lvsd.ipvs.ffm.Errno;
import java.net.NoRouteToHostException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The result of a connection that failed: evidence against the server, or a problem of this host. */
final class ConnectFailure {
    private static final Pattern NATIVE =
            Pattern.compile("(\\w+)\\(\\.\\.\\) failed(?: with error\\((-?\\d+)\\))?: (.*?)(?:: /.*)?");
    private static final int ECONNREFUSED = 111;
    /** ENETDOWN ENETUNREACH ECONNABORTED ECONNRESET ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH. */
    private static final Set<Integer> EVIDENCE = Set.of(100, 101, 103, 104, 110, ECONNREFUSED, 112, 113);

    private ConnectFailure() {}

    static ProbeResult result(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            ProbeResult result = resultOf(t);
            if (result != null) {
                return result;
            }
        }
        return new Inconclusive(IoReason.of(failure));
    }

    /** @param errno of connect(2), positive */
    static ProbeResult result(int errno) {
        String text = Errno.describe(errno);
        if (!isEvidence(errno)) {
            return new Inconclusive("connect: " + text);
        }
        return new Failed(errno == ECONNREFUSED ? Reason.CONNECT_REFUSED : Reason.CONNECT_FAILED, text);
    }

    /** @param errno of recv(2), positive */
    static ProbeResult ofRead(int errno) {
        String text = Errno.describe(errno);
        return isEvidence(errno) ? new Failed(Reason.RESPONSE_BROKEN, text) : new Inconclusive("recv: " + text);
    }

    private static @Nullable ProbeResult resultOf(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        if (failure instanceof NoRouteToHostException) {
            // Netty sets no message.
            return new Failed(Reason.CONNECT_FAILED, failure.getMessage() == null ? "no route to host" : text);
        }
        Matcher m = NATIVE.matcher(text);
        boolean refused = text.contains("Connection refused");
        if (m.matches() && (m.group(1).startsWith("finishConnect") || isEvidence(m.group(2)) || refused)) {
            return new Failed(refused ? Reason.CONNECT_REFUSED : Reason.CONNECT_FAILED, m.group(3));
        }
        return refused ? new Failed(Reason.CONNECT_REFUSED, "Connection refused") : null;
    }

    /** Whether an errno of a connection, positive, is evidence against the server rather than a problem of this host. */
    private static boolean isEvidence(int errno) {
        return EVIDENCE.contains(errno);
    }

    private static boolean isEvidence(@Nullable String errno) {
        return errno != null && isEvidence(Math.abs(Integer.parseInt(errno)));
    }
}
