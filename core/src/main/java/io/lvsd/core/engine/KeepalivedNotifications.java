package io.lvsd.core.engine;

import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.BfdCheck;
import io.lvsd.conf.check.DnsCheck;
import io.lvsd.conf.check.FileCheck;
import io.lvsd.conf.check.GrpcCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.check.PingCheck;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.UdpCheck;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.StopFlush;
import io.lvsd.conf.value.TransportProtocol;
import io.lvsd.core.engine.Notification.QuorumChange;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Notifications about a change by scripts, FIFOs and mail, in the order and the words of keepalived: first the script and the
 * FIFO line of the real server, then those of its virtual server, then the mail about the check.
 */
final class KeepalivedNotifications {
    private static final String REMOVING = "=> Removing <=";
    private static final String SHUTTING_DOWN = "=> Shutting down <=";
    private static final String SERVICE = " on service";
    private static final String GROUP = "group:";

    private final List<Effect> effects;
    private final DaemonConfig config;
    private final boolean snmp;

    /** @param config the configuration that contains the servers */
    KeepalivedNotifications(List<Effect> effects, DaemonConfig config) {
        this.effects = effects;
        this.config = config;
        this.snmp = config.lvsd().snmp().filter(SnmpConfig::notifies).isPresent();
    }

    /**
     * A real server came up or went down.
     *
     * @param server its virtual server, after that
     */
    void realServer(VsState server, RealServerConfig rs, boolean up) {
        realServer(server, rs, up, server.aliveCount());
    }

    private void realServer(VsState server, RealServerConfig rs, boolean up, long alive) {
        VirtualServerConfig vs = server.config();
        String subject = "rs " + vs.id() + " " + rs.id();
        rs.notices().of(up).ifPresent(program -> deliver(new Notification.Run(subject, program)));
        if (hasFifos()) {
            line("RS " + name(vs, rs.id()) + " " + name(vs), up);
        }
        if (snmp) {
            deliver(new Notification.RealServerState(vs, rs.id(), up, alive, total(vs)));
        }
    }

    /** A quorum was gained or lost. */
    void quorum(VsState server, boolean up) {
        quorum(server, up, up ? "Gained quorum" : "Lost quorum");
    }

    /** The quorum at start. A lost one without a sorry server is not notified. */
    void quorumAtStart(VsState server) {
        if (server.quorumUp() || server.config().sorry().isPresent()) {
            quorum(server, server.quorumUp(), "Starting with quorum " + word(server.quorumUp()));
        }
    }

    private void quorum(VsState server, boolean up, String what) {
        VirtualServerConfig vs = server.config();
        long threshold = up ? vs.quorum() + vs.hysteresis() : vs.quorum() - vs.hysteresis();
        virtualServer(
                server,
                up,
                "=> " + what + " " + vs.quorum() + "+" + vs.hysteresis() + "=" + threshold + " <= "
                        + server.liveWeight() + " <=");
        quorumState(server, up ? QuorumChange.GAINED : QuorumChange.LOST, server.aliveCount());
    }

    private void virtualServer(VsState server, boolean up, String body) {
        VirtualServerConfig vs = server.config();
        vs.notices().of(up).ifPresent(program -> deliver(new Notification.Run("vs " + vs.id(), program)));
        if (hasFifos()) {
            line("VS " + name(vs), up);
        }
        if (vs.notices().mail() && sendsMail()) {
            mail("Virtualserver " + name(vs) + " - " + upper(up), body);
        }
    }

    private void quorumState(VsState server, QuorumChange change, long alive) {
        VirtualServerConfig vs = server.config();
        if (snmp) {
            deliver(new Notification.QuorumState(vs, change, alive, total(vs)));
        }
    }

    private static long total(VirtualServerConfig vs) {
        return vs.realServers().size();
    }

    /**
     * Sends mail about a check, if it is configured.
     *
     * @param first whether this is the first result of the check
     * @param was its real server before
     * @param is its real server now
     */
    void check(VirtualServerConfig vs, CheckState after, boolean changed, boolean first, RsState was, RsState is) {
        boolean misc = after.config().spec() instanceof MiscCheck;
        boolean notified = changed || misc && first && after.health().hasRun();
        boolean wanted = sendsMail() && is.config().notices().mail();
        if (wanted && notified && (config.notices().everyCheck() || was.alive() != is.alive())) {
            about(vs, is.config(), is.alive(), checkMail(after));
        }
    }

    /** keepalived's sentence for each kind of check, and one like it for those that keepalived lacks. */
    static String checkMail(CheckState check) {
        boolean up = check.up();
        Optional<Failed> failed = check.last().filter(Failed.class::isInstance).map(Failed.class::cast);
        String failure = failed.map(f -> PrintableText.of((f.reason() + " " + f.detail()).strip()))
                .or(() -> check.agentWeight().outage().map(Object::toString))
                .orElse("");
        String succeeded = up ? "succeed" : "failed";
        return "=> "
                + switch (check.config().spec()) {
                    case TcpCheck _ -> "TCP CHECK " + succeeded + SERVICE;
                    case UdpCheck _ -> "UDP CHECK " + succeeded + SERVICE;
                    case PingCheck _ -> "ICMP CHECK " + succeeded + SERVICE;
                    case DnsCheck _ -> "DNS_CHECK: " + succeeded + SERVICE;
                    case HttpCheck _ -> "CHECK " + succeeded + SERVICE + (up ? "" : " : HTTP request failed");
                    case SmtpCheck _ -> "CHECK " + succeeded + SERVICE + (up ? "" : " : " + failure);
                    case MiscCheck _ -> "MISC CHECK " + (up ? "succeeded" : misc(failed)) + SERVICE;
                    case GrpcCheck _, ServiceCheck _, AgentCheck _, FileCheck _, BfdCheck _, UnusableCheck _ ->
                        check.config().kind() + " " + succeeded + SERVICE + (up ? "" : " : " + failure);
                }
                + " <=";
    }

    private static String misc(Optional<Failed> failed) {
        return failed.filter(f -> f.reason() == Reason.SCRIPT_TIMEOUT).isPresent() ? "timed out" : "failed";
    }

    // ---- servers that are no longer configured, and a stop

    /**
     * A reload removed servers: those that were up are notified as down, and virtual servers whose quorum was met as without it. As
     * with keepalived, a quorum that was not met is not notified again.
     */
    void removed(VsState former, Map<VsId, VsState> now) {
        VirtualServerConfig vs = former.config();
        VsState kept = now.get(vs.id());
        long alive = kept == null ? former.aliveCount() : kept.aliveCount();
        for (RsState rs : former.realServers()) {
            boolean gone = kept == null || kept.realServer(rs.config().id()).isEmpty();
            if (gone && rs.alive()) {
                alive -= kept == null && !rs.isRetained() ? 1 : 0;
                down(kept == null ? former : kept, vs, rs.config(), REMOVING, alive);
            }
        }
        if (kept == null && former.quorumUp()) {
            virtualServer(former, false, SHUTTING_DOWN);
            quorumState(former, QuorumChange.LOST, alive);
        }
    }

    /** A retained server was removed. */
    void released(VsState server, RsState rs) {
        if (rs.alive()) {
            down(server, server.config(), rs.config(), REMOVING, server.aliveCount());
        }
    }

    /**
     * A stop removes the table. As with keepalived, the SNMP notification about each virtual server is sent in any case, also if its
     * quorum was not met; all else is sent for a virtual server with {@code omega}.
     */
    void stopped(VsState server) {
        VirtualServerConfig vs = server.config();
        quorumState(server, QuorumChange.SHUTDOWN, server.aliveCount());
        if (!vs.omega()) {
            return;
        }
        if (config.kernel().stopFlush() == StopFlush.NONE) {
            server.realServers().stream()
                    .filter(RsState::alive)
                    .forEach(rs -> down(server, vs, rs.config(), SHUTTING_DOWN, server.aliveCount()));
        }
        virtualServer(server, false, SHUTTING_DOWN);
    }

    private void down(VsState server, VirtualServerConfig vs, RealServerConfig rs, String body, long alive) {
        realServer(server, rs, false, alive);
        if (sendsMail() && rs.notices().mail()) {
            about(vs, rs, false, body);
        }
    }

    private void about(VirtualServerConfig vs, RealServerConfig rs, boolean up, String body) {
        mail("Realserver " + name(vs, rs.id()) + " of virtual server " + name(vs) + " - " + upper(up), body);
    }

    // ---- names

    /** {@code [ADDRESS]:PROTOCOL:PORT}, {@code FWM N}, or {@code [GROUP]:K} for the k-th virtual server that uses the group. */
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

    private boolean hasFifos() {
        return !config.notices().fifos().isEmpty();
    }

    private void line(String text, boolean up) {
        deliver(new Notification.Line(text + " " + upper(up)));
    }

    private boolean sendsMail() {
        return config.notices().mail().isPresent();
    }

    private void mail(String subject, String body) {
        deliver(new Notification.Mail(subject, body));
    }

    private void deliver(Notification notification) {
        effects.add(new Effect.Deliver(notification));
    }

    private static String upper(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static String word(boolean up) {
        return up ? "up" : "down";
    }
}
