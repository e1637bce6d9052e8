package io.lvsd.core.view;

import io.lvsd.checkers.health.AgentWeight;
import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.conf.check.BfdCheck;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.FileCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.model.Timing;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsOverride.Mode;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.plan.WantedService;
import io.lvsd.core.view.Explanation.CheckHistory;
import io.lvsd.core.view.Explanation.Destination;
import io.lvsd.core.view.Explanation.Server;
import io.lvsd.core.view.StatusReport.Check;
import io.lvsd.core.view.StatusReport.VirtualServer;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Explains the state of real servers. Pure. */
public final class Explanations {
    private Explanations() {}

    /** @param realServer empty: all of the virtual server */
    public static Explanation of(StatusInput in, VsState vs, Optional<RsState> realServer) {
        List<RsState> explained = realServer.map(List::of).orElse(vs.realServers());
        VirtualServer report = ServerReports.virtualServer(in, vs);
        return new Explanation(
                in.now().wall(),
                report,
                explained.stream().map(rs -> server(in, vs, rs)).toList(),
                report.draining().stream()
                        .filter(d -> realServer.isEmpty() || isOf(realServer.get(), d, vs))
                        .toList());
    }

    /**
     * Explains a destination that drains and is none of the real servers; empty if there is none.
     *
     * @param address as the table shows it
     */
    public static Optional<Explanation> ofDraining(StatusInput in, VsState vs, String address) {
        VirtualServer report = ServerReports.virtualServer(in, vs);
        List<StatusReport.Destination> found = report.draining().stream()
                .filter(d -> d.address().equals(address))
                .toList();
        boolean configured = vs.realServers().stream()
                .anyMatch(rs -> rs.config().id().toString().equals(address));
        return found.isEmpty() || configured
                ? Optional.empty()
                : Optional.of(new Explanation(in.now().wall(), report, List.of(), found));
    }

    private static boolean isOf(RsState rs, StatusReport.Destination draining, VsState vs) {
        return Translation.keys(vs.config()).stream()
                .anyMatch(key -> key.toString().equals(draining.service())
                        && DesiredState.key(key, rs.config()).toString().equals(draining.address()));
    }

    private static Server server(StatusInput in, VsState vs, RsState rs) {
        List<Destination> destinations = destinations(in, vs, rs);
        boolean inService = destinations.stream()
                .anyMatch(d -> d.tableWeight().isPresent() && d.tableWeight().getAsLong() > 0);
        return new Server(
                ServerReports.realServer(in, vs, rs),
                inService,
                conclusion(in, vs, rs, inService),
                destinations,
                histories(in, rs.checks()));
    }

    private static List<Destination> destinations(StatusInput in, VsState vs, RsState rs) {
        List<Destination> destinations = new ArrayList<>();
        for (ServiceKey key : Translation.keys(vs.config())) {
            DestinationKey destination = DesiredState.key(key, rs.config());
            WantedService wanted = in.state().table().desired().get(key);
            IpvsDestination should =
                    wanted == null ? null : wanted.destinations().get(destination);
            ServiceState actual = in.state().table().actual().get(key);
            DestinationState is = actual == null ? null : actual.destinations().get(destination);
            destinations.add(new Destination(
                    key.toString(),
                    destination.toString(),
                    should == null ? OptionalLong.empty() : OptionalLong.of(should.weight()),
                    is == null
                            ? OptionalLong.empty()
                            : OptionalLong.of(is.config().weight())));
        }
        return destinations;
    }

    private static String conclusion(StatusInput in, VsState vs, RsState rs, boolean inService) {
        String where = inService ? "in service: " : "not in service: ";
        return where + reason(in, vs, rs, inService);
    }

    private static String reason(StatusInput in, VsState vs, RsState rs, boolean inService) {
        if (rs.override().mode() == Mode.DISABLED) {
            return "an operator disabled it ('lvsd enable' reverts that)";
        }
        if (rs.override().mode() == Mode.DRAINED) {
            return "an operator drains it ('lvsd enable' reverts that)";
        }
        if (!rs.alive()) {
            String down = down(rs.checks());
            return "down: " + down
                    + (inService
                            ? (vs.panics() ? "; panic: failed servers receive connections" : leftInTable(vs))
                            : "");
        }
        if (ServerReports.isSorryInUse(in, vs) && vs.isReplacedBySorry()) {
            return "it is up, but the sorry server is in use: "
                    + (vs.maintenance().isPresent()
                            ? "planned maintenance ('lvsd maintenance "
                                    + vs.config().id() + " off' ends it)"
                            : QuorumText.of(vs));
        }
        if (rs.tableWeight() == 0) {
            return "its weight is 0" + (rs.ramp().isPresent() ? " at the begin of its slow start" : "");
        }
        if (!inService) {
            return "it is up, but not in the table yet";
        }
        return rs.checks().isEmpty()
                ? "it has no checks"
                : rs.known() ? "all checks are up" : "presumed up until probed";
    }

    private static String down(List<CheckState> checks) {
        List<String> names = CheckNames.of(checks);
        return IntStream.range(0, checks.size())
                .filter(i -> !checks.get(i).up())
                .mapToObj(i -> names.get(i)
                        + StatusTerms.reason(checks.get(i))
                                .map(r -> " (" + r + ")")
                                .orElse(""))
                .collect(Collectors.joining(", "));
    }

    private static String leftInTable(VsState vs) {
        return vs.quorumUp()
                ? "; its removal from the table has not been acknowledged yet"
                : "; it stays in the table as no sorry server can be used";
    }

    private static List<CheckHistory> histories(StatusInput in, List<CheckState> checks) {
        List<Check> reports = CheckReports.of(in, checks);
        return IntStream.range(0, checks.size())
                .mapToObj(i -> history(in, checks.get(i), reports.get(i)))
                .toList();
    }

    private static CheckHistory history(StatusInput in, CheckState check, Check report) {
        return new CheckHistory(
                report,
                rule(check),
                in.history().of(check.id()).stream()
                        .map(e -> CheckReports.probe(in, e))
                        .toList());
    }

    /** What changes the state of a check. */
    private static String rule(CheckState check) {
        return switch (check.config().spec()) {
            case UnusableCheck unusable -> "never runs until the configuration is corrected: " + unusable.reason();
            case CheckSpec.Probed probed -> probed(check, probed);
            case FileCheck _ -> "follows the number in the file";
            case BfdCheck _ -> "follows the state of the BFD session";
        };
    }

    /** The words of the reply that ends the outage. */
    private static String agentReply(AgentWeight agent) {
        boolean maint = agent.mode() == AgentReply.Mode.MAINT;
        return agent.up() ? "'ready' or 'drain'" : maint ? "'up ready'" : "'up'";
    }

    private static String probed(CheckState check, CheckSpec.Probed spec) {
        Timing timing = check.config().timing();
        if (!check.health().hasRun()) {
            return "the first result decides";
        }
        if (check.up()) {
            long left = timing.retry() + 1 - check.health().tolerated();
            return "marked down after " + Counted.of(left, "more failure") + " in a row (retry " + timing.retry() + ")";
        }
        if (check.health().up()) {
            return "marked up after the agent's reply " + agentReply(check.agentWeight());
        }
        if (spec instanceof HttpCheck http && http.urls().size() > 1) {
            return "marked up when the failed url and then all " + http.urls().size() + " urls have passed"
                    + (timing.rise() > 1 ? ", " + timing.rise() + " times in a row" : "");
        }
        long left = Math.max(1, timing.rise() - check.health().passes());
        return "marked up after " + Counted.of(left, "more pass") + (timing.rise() > 1 ? " in a row" : "") + " (rise "
                + timing.rise() + ")";
    }
}
