package io.lvsd.core.control;

import io.lvsd.core.control.NameLookup.LookupException;
import io.lvsd.core.daemon.Daemon;
import io.lvsd.core.daemon.PlanResult;
import io.lvsd.core.daemon.ReloadResult;
import io.lvsd.core.model.PercentEncoding;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.view.Explanation;
import io.lvsd.core.view.ExplanationText;
import io.lvsd.core.view.Explanations;
import io.lvsd.core.view.MonitoringPlugin;
import io.lvsd.core.view.RecordJson;
import io.lvsd.core.view.ShadowReport;
import io.lvsd.core.view.ShadowReports;
import io.lvsd.core.view.ShadowText;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.StatusReports;
import io.lvsd.core.view.StatusText;
import io.lvsd.core.view.TableFormat;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.netlink.NetlinkException;
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
    private static final Set<String> CHANGING = Set.of("reload", "drain", "disable", "enable", "weight");

    private final Daemon daemon;
    private final Overrides overrides;

    public DaemonHandler(Daemon daemon) {
        this.daemon = daemon;
        this.overrides = new Overrides(daemon);
    }

    @Override
    public boolean changes(List<String> words) {
        return CHANGING.contains(words.getFirst());
    }

    @Override
    public Reply handle(List<String> words, String body) {
        return switch (words.getFirst()) {
            case "status" -> status(words);
            case "status-check" -> statusCheck(words);
            case "explain" -> explain(words);
            case "shadow-report" -> shadowReport(words);
            case "reload" -> reload(words.contains("force"));
            case "drain", "drain-progress", "disable", "enable", "weight" -> overrides.handle(words);
            case "plan" -> plan(body);
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
            Optional<RsState> realServer = names.size() < 2
                    ? Optional.empty()
                    : server.realServer(
                            NameLookup.realServer(server, names.get(1)).rs());
            Explanation explanation = Explanations.of(status, server, realServer);
            return new Reply(
                    0,
                    words.contains("json")
                            ? RecordJson.pretty(explanation)
                            : ExplanationText.text(explanation, realServer.isPresent(), ZoneId.systemDefault()));
        } catch (LookupException e) {
            return new Reply(USAGE, String.valueOf(e.getMessage()));
        }
    }

    private Reply reload(boolean forced) {
        ReloadResult result = daemon.reload(forced);
        int status = switch (result.outcome()) {
            case DONE -> 0;
            case REFUSED -> REFUSED;
            case GUARDED -> GUARDED;
        };
        return new Reply(status, result.problems() + result.text());
    }

    /** The body is the effective configuration; each NUL is followed by the identity of one of its errors. */
    private Reply plan(String body) {
        List<String> parts = List.of(body.split("\0", -1));
        PlanResult result = daemon.plan(parts.getFirst(), parts.subList(1, parts.size()));
        int status = switch (result.outcome()) {
            case DONE -> result.text().isEmpty() ? 0 : DIFFERENCES;
            case REFUSED -> REFUSED;
            case GUARDED -> GUARDED;
        };
        return new Reply(status, result.text() + result.summary());
    }

    private Reply table(String layout) {
        try {
            IpvsSnapshot table = daemon.table();
            return switch (layout) {
                case "stats" -> new Reply(0, TableFormat.stats(table));
                case "rate" -> new Reply(0, TableFormat.rate(table));
                case "save" -> new Reply(0, TableFormat.save(table));
                default -> new Reply(0, TableFormat.list(table));
            };
        } catch (NetlinkException e) {
            return new Reply(FAILED, "cannot read the IPVS table: " + e.getMessage() + "\n");
        }
    }
}
