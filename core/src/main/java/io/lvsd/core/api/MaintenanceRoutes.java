package io.lvsd.core.api;

import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import io.lvsd.core.http.Response;
import io.lvsd.core.http.Route;
import io.lvsd.core.http.Workers;
import io.lvsd.core.operations.EndTime;
import io.lvsd.core.operations.MaintenanceOperation;
import io.lvsd.core.operations.MaintenanceOperation.RefusedException;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.view.MaintenanceReport;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The resource of the API for planned maintenance of a virtual server. */
final class MaintenanceRoutes {
    private static final String MESSAGE = "message";
    private static final String UNTIL = "until";
    private static final String ALLOW = "allow";
    private static final String DRAIN = "drain";
    private static final String DRAIN_SECONDS = "drainSeconds";
    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    private final MaintenanceOperation operation;

    MaintenanceRoutes(MaintenanceOperation operation) {
        this.operation = operation;
    }

    /** @param slow each of them blocks */
    List<Route> routes(Workers slow) {
        String path = ApiPaths.VIRTUAL_SERVER + "/maintenance";
        return List.of(Route.post(path, slow, this::begin), Route.delete(path, slow, this::end));
    }

    private Response begin(Request request) throws ProblemException {
        JsonBody body = JsonBody.of(request, MESSAGE, UNTIL, ALLOW, DRAIN, DRAIN_SECONDS);
        return set(request, Optional.of(settings(body)), "maintenance on");
    }

    private Response end(Request request) throws ProblemException {
        JsonBody.of(request);
        return set(request, Optional.empty(), "maintenance off");
    }

    private Response set(Request request, Optional<MaintenanceConfig> settings, String what) throws ProblemException {
        Parameters.allow(request);
        String user = OperationRoutes.user(request);
        try {
            MaintenanceReport report = operation.set(
                    new MaintenanceOperation.Request(request.parameter("vs"), settings, user), Instant.now());
            OperationRoutes.audit(request, what, report.virtualServer());
            return Response.json(report.applied() ? OK : ACCEPTED, report);
        } catch (LookupException e) {
            throw ApiProblems.unknown(e).exception();
        } catch (RefusedException e) {
            throw ApiProblems.maintenance(e).exception();
        }
    }

    private static MaintenanceConfig settings(JsonBody body) throws ProblemException {
        String message = body.text(MESSAGE).orElse("");
        if (!MaintenanceConfig.isMessage(message)) {
            throw ApiProblems.parameter(
                            MESSAGE,
                            "at most " + MaintenanceConfig.MAX_MESSAGE + " characters without control characters")
                    .exception();
        }
        return new MaintenanceConfig(message, until(body), networks(body), drain(body));
    }

    private static Optional<Instant> until(JsonBody body) throws ProblemException {
        Optional<String> text = body.text(UNTIL);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(EndTime.parse(text.get(), ZonedDateTime.now(ZoneId.systemDefault()))
                .orElseThrow(
                        () -> ApiProblems.parameter(UNTIL, EndTime.EXPECTED).exception()));
    }

    private static List<IpNetwork> networks(JsonBody body) throws ProblemException {
        List<IpNetwork> networks = new ArrayList<>();
        for (String text : body.texts(ALLOW)) {
            networks.add(IpNetwork.parse(text)
                    .orElseThrow(() -> ApiProblems.parameter(ALLOW, "addresses or networks such as 192.0.2.0/24")
                            .exception()));
        }
        if (networks.stream().distinct().count() > MaintenanceConfig.MAX_ALLOW) {
            throw ApiProblems.parameter(ALLOW, "at most " + MaintenanceConfig.MAX_ALLOW + " networks")
                    .exception();
        }
        return networks;
    }

    private static Optional<Drain> drain(JsonBody body) throws ProblemException {
        Optional<Duration> limit =
                body.number(DRAIN_SECONDS, 1, MaintenanceConfig.MAX_DRAIN).map(Duration::ofSeconds);
        return limit.isPresent() || body.flag(DRAIN) ? Optional.of(new Drain(limit)) : Optional.empty();
    }
}
