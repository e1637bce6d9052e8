package io.lvsd.core.engine;

import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.KernelConfig.StopFlush;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.TransportProtocol;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import java.util.List;
import java.util.Map;

/**
 * Whom to tell of a change: scripts, FIFOs and mail, in the order and the words that keepalived's users expect. A real
 * server's script and line come first, then those of its virtual server, then mail about the check.
 */
final class KeepalivedNotifications {
    private static final String REMOVING = "=> Removing <=";
    private static final String SHUTTING_DOWN = "=> Shutting down <=";
    private static final String GROUP = "group:";

    private final List<Effect> effects;
    private final DaemonConfig config;

    /** @param config in which the servers stand that it tells about */
    KeepalivedNotifications(List<Effect> effects, DaemonConfig config) {
        this.effects = effects;
        this.config = config;
    }

    /** A real server came up or went down. */
    void realServer(VirtualServerConfig vs, RealServerConfig rs, boolean up) {
        String subject = "rs " + vs.id() + " " + rs.id();
        rs.notices().of(up).ifPresent(program -> deliver(new Notification.Run(subject, program)));
        line("RS " + name(vs, rs.id()) + " " + name(vs), up);
    }

    /** A quorum was gained or lost. */
    void quorum(VsState server, boolean up) {
        quorum(server, up, up ? "Gained quorum" : "Lost quorum");
    }

    /** A quorum as it is at first sight. One that is down without anybody to stand in is nothing to tell. */
    void quorumAtStart(VsState server) {
        if (server.quorumUp() || server.config().sorry().isPresent()) {
            quorum(server, server.quorumUp(), "Starting with quorum " + word(server.quorumUp()));
        }
    }

    private void quorum(VsState server, boolean up, String what) {
        VirtualServerConfig vs = server.config();
        long threshold = up ? vs.quorum() + vs.hysteresis() : vs.quorum() - vs.hysteresis();
        virtualServer(
                vs,
                up,
                "=> " + what + " " + vs.quorum() + "+" + vs.hysteresis() + "=" + threshold + " <= "
                        + server.liveWeight() + " <=");
    }

    private void virtualServer(VirtualServerConfig vs, boolean up, String body) {
        vs.notices().of(up).ifPresent(program -> deliver(new Notification.Run("vs " + vs.id(), program)));
        line("VS " + name(vs), up);
        if (vs.notices().mail()) {
            mail("Virtualserver " + name(vs) + " - " + upper(up), body);
        }
    }

    /**
     * What a check came to, for its mail.
     *
     * @param first whether it had come to nothing before
     * @param was its server before
     * @param is its server now
     */
    void check(VirtualServerConfig vs, CheckState after, boolean changed, boolean first, RsState was, RsState is) {
        boolean misc = after.config().kind().equals("MISC_CHECK");
        boolean told = changed || misc && first && after.health().hasRun();
        if (told && is.config().notices().mail() && (config.notices().everyCheck() || was.alive() != is.alive())) {
            about(vs, is.config(), is.alive(), checkMail(after));
        }
    }

    /** keepalived's sentence for each kind of check, and one like it for those that it lacks. */
    static String checkMail(CheckState check) {
        boolean up = check.health().up();
        String failure = check.last()
                .filter(ProbeResult.Failed.class::isInstance)
                .map(o -> ((ProbeResult.Failed) o).reason() + " " + ((ProbeResult.Failed) o).detail())
                .map(text -> PrintableText.of(text.strip()))
                .orElse("");
        String verb = up ? "succeed" : "failed";
        return "=> "
                + switch (check.config().kind()) {
                    case "TCP_CHECK" -> "TCP CHECK " + verb + " on service";
                    case "UDP_CHECK" -> "UDP CHECK " + verb + " on service";
                    case "PING_CHECK" -> "ICMP CHECK " + verb + " on service";
                    case "HTTP_GET", "SSL_GET" ->
                        up ? "CHECK succeed on service" : "CHECK failed on service : HTTP request failed";
                    case "SMTP_CHECK" -> up ? "CHECK succeed on service" : "CHECK failed on service : " + failure;
                    case "DNS_CHECK" -> "DNS_CHECK: " + verb + " on service";
                    case "MISC_CHECK" ->
                        "MISC CHECK " + (up ? "succeeded" : failure.contains("no end within") ? "timed out" : "failed")
                                + " on service";
                    default -> check.config().kind() + " " + verb + " on service" + (up ? "" : " : " + failure);
                }
                + " <=";
    }

    // ---- servers that are no longer configured, and a stop

    /** What a reload took away: all that was alive is told as down. */
    void removed(VsState former, Map<VsId, VsState> now) {
        VirtualServerConfig vs = former.config();
        VsState kept = now.get(vs.id());
        for (RsState rs : former.realServers()) {
            boolean gone = kept == null || kept.realServer(rs.config().id()).isEmpty();
            if (gone && rs.alive()) {
                down(vs, rs.config(), REMOVING);
            }
        }
        if (kept == null && former.quorumUp()) {
            virtualServer(vs, false, SHUTTING_DOWN);
        }
    }

    /** A server that a reload removed left after its replacement came up, or after its grace. */
    void released(VirtualServerConfig vs, RsState rs) {
        if (rs.alive()) {
            down(vs, rs.config(), REMOVING);
        }
    }

    /** A stop that takes the table away, for a virtual server that wants it told as a loss of everything. */
    void stopped(VsState server) {
        VirtualServerConfig vs = server.config();
        if (!vs.omega()) {
            return;
        }
        if (config.kernel().stopFlush() == StopFlush.NONE) {
            server.realServers().stream().filter(RsState::alive).forEach(rs -> down(vs, rs.config(), SHUTTING_DOWN));
        }
        virtualServer(vs, false, SHUTTING_DOWN);
    }

    private void down(VirtualServerConfig vs, RealServerConfig rs, String body) {
        realServer(vs, rs, false);
        if (rs.notices().mail()) {
            about(vs, rs, false, body);
        }
    }

    private void about(VirtualServerConfig vs, RealServerConfig rs, boolean up, String body) {
        mail("Realserver " + name(vs, rs.id()) + " of virtual server " + name(vs) + " - " + upper(up), body);
    }

    // ---- names

    /** {@code [ADDRESS]:PROTOCOL:PORT}, {@code FWM N}, or {@code [GROUP]:K}, the k-th of those that use the group. */
    private String name(VirtualServerConfig vs) {
        String id = vs.id().text();
        if (id.startsWith(GROUP)) {
            String group = groupOf(id);
            int ordinal = 0;
            for (VirtualServerConfig other : config.virtualServers()) {
                if (other.id().equals(vs.id())) {
                    break;
                }
                String text = other.id().text();
                ordinal += text.startsWith(GROUP) && groupOf(text).equals(group) ? 1 : 0;
            }
            return "[" + group + "]:" + ordinal;
        }
        return switch (vs.targets().getFirst()) {
            case Target.Address(var address, int port) ->
                "[" + IpAddresses.text(address) + "]:" + protocol(vs) + ":" + port;
            case Target.Fwmark(long mark, var _) -> "FWM " + mark;
        };
    }

    private static String groupOf(String id) {
        return id.substring(GROUP.length()).replaceFirst("(/(tcp|udp|sctp))?(/inet6)?$", "");
    }

    private static String name(VirtualServerConfig vs, RsId rs) {
        return "[" + IpAddresses.text(rs.address()) + "]:" + protocol(vs) + ":" + rs.port();
    }

    private static String protocol(VirtualServerConfig vs) {
        return vs.protocol().map(TransportProtocol::lowerCase).orElse("none");
    }

    private void line(String text, boolean up) {
        if (!config.notices().fifos().isEmpty()) {
            deliver(new Notification.Line(text + " " + upper(up)));
        }
    }

    private void mail(String subject, String body) {
        if (config.notices().mail().isPresent()) {
            deliver(new Notification.Mail(subject, body));
        }
    }

    private void deliver(Notification delivery) {
        effects.add(new Effect.Deliver(delivery));
    }

    private static String upper(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static String word(boolean up) {
        return up ? "up" : "down";
    }
}
