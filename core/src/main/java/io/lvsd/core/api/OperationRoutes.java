package io.lvsd.core.api;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import io.lvsd.core.http.Response;
import io.lvsd.core.http.Route;
import io.lvsd.core.http.Workers;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.operations.DaemonControl;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.operations.Overrides;
import io.lvsd.core.operations.Overrides.LastLiveException;
import io.lvsd.core.view.ConfigProblemReport;
import io.lvsd.core.view.OverrideReport;
import io.lvsd.core.view.PlanReport;
import io.lvsd.core.view.ReloadOutcome;
import io.lvsd.core.view.ReloadReport;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resources of the API that change something, or compute a change. */
final class OperationRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRoutes.class);
    private static final String FORCE = "force";
    private static final String CONFIGURATION = "configuration";
    private static final String WEIGHT = "weight";
    private static final String OR_AUTO = ", or \"auto\"";
    private static final String TIMEOUT = "timeoutSeconds";
    private static final String AUTO = "auto";
    private static final long MAX_TIMEOUT = 86_400;
    private static final int MAX_PROBLEMS = 100;
    private static final int ACCEPTED = 202;
    private static final int OK = 200;

    private final DaemonControl daemon;
    private final Overrides overrides;

    OperationRoutes(DaemonControl daemon, Overrides overrides) {
        this.daemon = daemon;
        this.overrides = overrides;
    }

    /** @param slow each of them blocks */
    List<Route> routes(Workers slow) {
        String rs = ApiPaths.REAL_SERVER;
        return List.of(
                Route.post(ApiPaths.ROOT + "/reload", slow, this::reload),
                Route.get(ApiPaths.ROOT + "/plan", slow, this::plan),
                new Route("POST", ApiPaths.ROOT + "/plan", false, new Route.Blocking(slow, this::planOf)),
                Route.post(rs + "/drain", slow, this::drain),
                Route.get(rs + "/drain", slow, this::progress),
                Route.post(rs + "/disable", slow, this::disable),
                Route.post(rs + "/enable", slow, this::enable),
                Route.post(rs + "/weight", slow, this::weight));
    }

    private Response reload(Request request) throws ProblemException {
        Parameters.allow(request);
        boolean force = JsonBody.of(request, FORCE).flag(FORCE);
        audit(request, "reload", "");
        ReloadReport report = daemon.reload(force).report().withoutValues();
        if (report.outcome() == ReloadOutcome.DONE) {
            return Response.json(report);
        }
        throw ApiProblems.reload(report).exception();
    }

    /** What a reload of the daemon's own file would do. */
    private Response plan(Request request) throws ProblemException {
        Parameters.allow(request);
        try {
            return Response.json(daemon.plan().withoutValues());
        } catch (NetlinkException e) {
            throw ApiProblems.table(e).exception();
        }
    }

    /** What a reload would do with another configuration, in keepalived syntax and without includes. */
    private Response planOf(Request request) throws ProblemException {
        Parameters.allow(request);
        String text = JsonBody.of(request, CONFIGURATION)
                .text(CONFIGURATION)
                .orElseThrow(() ->
                        ApiProblems.parameter(CONFIGURATION, "a configuration").exception());
        List<ConfigProblem> errors = ConfigLoader.loadPlain(text).problems().stream()
                .filter(ConfigProblem::isError)
                .toList();
        try {
            PlanReport plan = daemon.plan(
                    text, errors.stream().map(ConfigProblem::identity).toList());
            return Response.json(
                    plan.outcome() == ReloadOutcome.REFUSED && !errors.isEmpty() ? refused(plan, errors) : plan);
        } catch (NetlinkException e) {
            throw ApiProblems.table(e).exception();
        }
    }

    private static PlanReport refused(PlanReport plan, List<ConfigProblem> errors) {
        return PlanReport.refused(
                plan.refusal().orElse(""),
                errors.stream().limit(MAX_PROBLEMS).map(ConfigProblemReport::of).toList());
    }

    // ---- overrides

    private Response drain(Request request) throws ProblemException {
        JsonBody body = JsonBody.of(request, FORCE, TIMEOUT);
        Optional<Duration> timeout = body.number(TIMEOUT, 0, MAX_TIMEOUT).map(Duration::ofSeconds);
        return override(request, body, before -> before.drained(timeout));
    }

    private Response disable(Request request) throws ProblemException {
        return override(request, JsonBody.of(request, FORCE), RsOverride::disabled);
    }

    private Response enable(Request request) throws ProblemException {
        return override(request, JsonBody.of(request, FORCE), RsOverride::enabled);
    }

    private Response weight(Request request) throws ProblemException {
        JsonBody body = JsonBody.of(request, FORCE, WEIGHT);
        if (body.isText(WEIGHT, AUTO)) {
            return override(request, body, before -> before.withWeight(Optional.empty()));
        }
        Optional<Long> weight = body.number(WEIGHT, 0, Integer.MAX_VALUE, OR_AUTO);
        if (weight.isEmpty()) {
            throw ApiProblems.parameter(WEIGHT, "a number from 0 to " + Integer.MAX_VALUE + OR_AUTO)
                    .exception();
        }
        return override(request, body, before -> before.withWeight(weight));
    }

    private Response override(Request request, JsonBody body, UnaryOperator<RsOverride> change)
            throws ProblemException {
        Parameters.allow(request);
        Overrides.Request wanted = new Overrides.Request(
                request.parameter("vs"), request.parameter("rs"), body.flag(FORCE), user(request));
        try {
            OverrideReport report = overrides.set(wanted, change);
            audit(request, report.override(), report.realServer() + " of " + report.virtualServer());
            return Response.json(report.applied() ? OK : ACCEPTED, report);
        } catch (LookupException e) {
            throw ApiProblems.unknown(e).exception();
        } catch (LastLiveException e) {
            throw ApiProblems.lastLive(e).exception();
        }
    }

    private Response progress(Request request) throws ProblemException {
        Parameters.allow(request);
        try {
            return overrides
                    .progress(request.parameter("vs"), request.parameter("rs"))
                    .map(Response::json)
                    .orElseThrow(() ->
                            ApiProblems.notDraining(request.parameter("rs")).exception());
        } catch (LookupException e) {
            throw ApiProblems.unknown(e).exception();
        }
    }

    /** The user of a request, for the log. */
    static String user(Request request) {
        return "api:" + request.client().user().orElse("");
    }

    /** Logs a change. */
    static void audit(Request request, String operation, String subject) {
        LOG.atInfo()
                .addKeyValue("operation", operation)
                .addKeyValue("subject", subject)
                .addKeyValue("user", user(request))
                .addKeyValue("client", request.client().address().getHostAddress())
                .log("http.operation");
    }
}
