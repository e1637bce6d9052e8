package io.lvsd.core.control;

import io.lvsd.core.model.PercentEncoding;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.operations.DaemonControl;
import io.lvsd.core.operations.MaintenanceOperation;
import io.lvsd.core.operations.NameLookup;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.operations.Overrides;
import io.lvsd.core.operations.ReloadResult;
import io.lvsd.core.view.Explanation;
import io.lvsd.core.view.ExplanationText;
import io.lvsd.core.view.Explanations;
import io.lvsd.core.view.MonitoringPlugin;
import io.lvsd.core.view.PlanReport;
import io.lvsd.core.view.RecordJson;
import io.lvsd.core.view.ReloadOutcome;
import io.lvsd.core.view.ShadowReport;
import io.lvsd.core.view.ShadowReports;
import io.lvsd.core.view.ShadowText;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.StatusReports;
import io.lvsd.core.view.StatusText;
import io.lvsd.core.view.TableFormat;
import io.lvsd.core.view.TableReports;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.netlink.NetlinkException;
import io.lvsd.snmp.SnmpSource;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Carries out the requests of the client commands. */
public final class DaemonHandler implements ControlServer.Handler {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int DIFFERENCES = 3;
    private static final int PLUGIN_UNKNOWN = 3;
    private static final int REFUSED = 4;

    private static final int GUARDED = 7;
    private static final Set<String> CHANGING =
            Set.of("reload", "drain", "disable", "enable", "weight", MaintenanceRequest.WORD);

    private final DaemonControl daemon;
    private final OverrideRequests overrides;
    private final MaintenanceRequests maintenance;
    private final SnmpRequests snmp;

    /**
     * Makes a handler.
     *
     * @param overrides shared with other ways to request them
     * @param maintenance as overrides
     * @param snmp values of the MIBs
     */
    public DaemonHandler(DaemonControl daemon, Overrides overrides, MaintenanceOperation maintenance, SnmpSource snmp) {
        this.daemon = daemon;
        this.snmp = new SnmpRequests(snmp);
        this.overrides = new OverrideRequests(overrides);
        this.maintenance = new MaintenanceRequests(maintenance);
    }

    @Override
    public boolean changes(List<String> words) {
        return CHANGING.contains(words.getFirst()) || LogRequest.changes(words);
    }

    @Override
    public Reply handle(List<String> words, String body, String user) {
        return switch (words.getFirst()) {
            case "status" -> status(words);
            case "status-check" -> statusCheck(words);
            case "explain" -> explain(words);
            case "shadow-report" -> shadowReport(words);
            case "reload" -> reload(words);
            case "drain", "drain-progress", "disable", "enable", "weight" -> overrides.handle(words, user);
            case MaintenanceRequest.WORD -> maintenance.handle(body, user);
            case "log" -> LogRequest.handle(words);
            case "snmp-get", "snmp-next" -> snmp.handle(words);
            case "plan", "plan-json" -> plan(body, words.getFirst().equals("plan-json"));
            case "table" -> table(words.size() > 1 ? words.get(1) : "list");
            default ->
                new Reply(
                        USAGE,
                        "unknown request '" + words.getFirst() + "': client and daemon have different versions\n");
        };
    }

    private Reply status(List<String> words) {
        StatusReport report = StatusReports.of(daemon.status());
        if (words.contains("json")) {
            return new Reply(0, RecordJson.pretty(report));
        }
        return new Reply(
                0,
                StatusText.text(report, new StatusText.Options(words.contains("colour"), words.contains("problems"))));
    }

    /** {@code status-check [VS]}: the answer of a monitoring plugin. */
    private Reply statusCheck(List<String> words) {
        StatusInput status = daemon.status();
        StatusReport report = StatusReports.of(status);
        if (words.size() < 2) {
            MonitoringPlugin all = MonitoringPlugin.ofAll(report);
            return new Reply(all.status(), all.text());
        }
        try {
            String id = NameLookup.virtualServer(status.state(), PercentEncoding.text(words.get(1)))
                    .config()
                    .id()
                    .text();
            return report.virtualServers().stream()
                    .filter(vs -> vs.id().equals(id))
                    .findFirst()
                    .map(MonitoringPlugin::of)
                    .map(p -> new Reply(p.status(), p.text()))
                    .orElseThrow();
        } catch (LookupException e) {
            return new Reply(PLUGIN_UNKNOWN, "LVSD UNKNOWN - " + e.getMessage());
        }
    }

    /** {@code shadow-report [json] [EPOCH_SECONDS]}. */
    private Reply shadowReport(List<String> words) {
        Optional<Instant> since = words.stream()
                .filter(w -> w.matches("\\d{1,12}"))
                .findFirst()
                .map(w -> Instant.ofEpochSecond(Long.parseLong(w)));
        Optional<ShadowReport> report = ShadowReports.of(daemon.status(), since);
        if (report.isEmpty()) {
            return new Reply(
                    FAILED, "this daemon does not run in shadow mode: start one with 'lvsd run --shadow' beside it\n");
        }
        return new Reply(
                0,
                words.contains("json")
                        ? RecordJson.pretty(report.get())
                        : ShadowText.text(report.get(), ZoneId.systemDefault()));
    }

    /** {@code explain VS [RS] [json]}, with VS in {@link PercentEncoding}. */
    private Reply explain(List<String> words) {
        List<String> names = words.stream()
                .skip(1)
                .filter(w -> !w.equals("json"))
                .map(PercentEncoding::text)
                .toList();
        if (names.isEmpty() || names.size() > 2) {
            return new Reply(USAGE, "expected a virtual server, and a real server or none\n");
        }
        try {
            StatusInput status = daemon.status();
            VsState server = NameLookup.virtualServer(status.state(), names.getFirst());
            Optional<String> operand = names.stream().skip(1).findFirst();
            Optional<Explanation> draining = operand.flatMap(name -> Explanations.ofDraining(status, server, name));
            Explanation explanation = draining.isPresent() ? draining.get() : explanation(status, server, operand);
            return new Reply(
                    0,
                    words.contains("json")
                            ? RecordJson.pretty(explanation)
                            : ExplanationText.text(explanation, operand.isPresent(), ZoneId.systemDefault()));
        } catch (LookupException e) {
            return new Reply(USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static Explanation explanation(StatusInput status, VsState server, Optional<String> realServer)
            throws LookupException {
        Optional<RsState> explained =
                realServer.isEmpty() ? Optional.empty() : Optional.of(NameLookup.realServer(server, realServer.get()));
        return Explanations.of(status, server, explained);
    }

    private Reply reload(List<String> words) {
        ReloadResult result = daemon.reload(words.contains("force"));
        int status = status(result.report().outcome());
        return words.contains("json")
                ? new Reply(status, RecordJson.pretty(result.report()))
                : new Reply(status, result.problems() + result.text());
    }

    private static int status(ReloadOutcome outcome) {
        return switch (outcome) {
            case DONE -> 0;
            case REFUSED -> REFUSED;
            case GUARDED -> GUARDED;
        };
    }

    /** The body is the effective configuration; each NUL is followed by the identity of one of its errors. */
    private Reply plan(String body, boolean json) {
        List<String> parts = List.of(body.split("\0", -1));
        PlanReport plan = daemon.plan(parts.getFirst(), parts.subList(1, parts.size()));
        boolean differs =
                plan.outcome() == ReloadOutcome.DONE && !plan.commands().isEmpty();
        return new Reply(
                differs ? DIFFERENCES : status(plan.outcome()),
                json ? RecordJson.pretty(plan) : plan.commandText() + plan.summary());
    }

    private Reply table(String layout) {
        try {
            IpvsSnapshot table = daemon.table();
            return switch (layout) {
                case "stats" -> new Reply(0, TableFormat.stats(table));
                case "rate" -> new Reply(0, TableFormat.rate(table));
                case "json" -> new Reply(0, RecordJson.pretty(TableReports.of(table, Instant.now())));
                case "save" -> new Reply(0, TableFormat.save(table));
                default -> new Reply(0, TableFormat.list(table));
            };
        } catch (NetlinkException e) {
            return new Reply(FAILED, "cannot read the IPVS table: " + e.getMessage() + "\n");
        }
    }
}
