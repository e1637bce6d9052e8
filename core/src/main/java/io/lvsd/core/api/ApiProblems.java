package io.lvsd.core.api;

import io.lvsd.core.http.Problem;
import io.lvsd.core.operations.MaintenanceOperation.RefusedException;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.operations.Overrides.LastLiveException;
import io.lvsd.core.view.ReloadOutcome;
import io.lvsd.core.view.ReloadReport;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.util.List;

/** Problems of operations. */
final class ApiProblems {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;

    private ApiProblems() {}

    static Problem notStarted() {
        return Problem.of(UNAVAILABLE, "not-started", "Not started", "the daemon has not read the IPVS table yet")
                .retryAfter(1);
    }

    static Problem table(NetlinkException failure) {
        return Problem.of(
                        UNAVAILABLE,
                        "table-unavailable",
                        "IPVS table unavailable",
                        "the IPVS table cannot be read: " + failure.getMessage())
                .remedy("'lvsd status' and the log have the reason");
    }

    static Problem unknown(LookupException failure) {
        boolean ambiguous = failure.isAmbiguous();
        return Problem.of(
                        ambiguous ? CONFLICT : NOT_FOUND,
                        ambiguous ? "ambiguous-server" : "unknown-server",
                        ambiguous ? "Ambiguous server" : "Unknown server",
                        failure.problem())
                .remedy("use one of the candidates; encode a slash as %2F")
                .candidates(
                        failure.candidates().stream().map(ApiProblems::identity).toList());
    }

    /** A candidate without the name in parentheses, so that a client can use it. */
    private static String identity(String candidate) {
        return candidate.split("  ", 2)[0];
    }

    static Problem lastLive(LastLiveException failure) {
        return Problem.of(
                        CONFLICT,
                        "last-live-server",
                        "Last live server",
                        failure.getMessage() + "; nothing was changed")
                .remedy("to proceed, add \"force\": true");
    }

    static Problem maintenance(RefusedException failure) {
        String detail = failure.getMessage() + "; nothing was changed";
        return switch (failure.refusal()) {
            case NO_SORRY_SERVER ->
                Problem.of(CONFLICT, "no-sorry-server", "No sorry server", detail)
                        .remedy(failure.remedy());
            case NO_ACCESS ->
                Problem.of(CONFLICT, "no-access", "No access for allowed clients", detail)
                        .remedy(failure.remedy());
            case PAST ->
                Problem.of(BAD_REQUEST, "invalid-parameter", "Invalid parameter", detail)
                        .remedy(failure.remedy());
        };
    }

    static Problem notDraining(String server) {
        return Problem.of(CONFLICT, "not-draining", "Not draining", server + " is not drained")
                .remedy("drain it first: POST to the same resource");
    }

    static Problem reload(ReloadReport report) {
        boolean guarded = report.outcome() == ReloadOutcome.GUARDED;
        return Problem.of(
                        guarded ? CONFLICT : UNPROCESSABLE,
                        guarded ? "reload-guard" : "reload-refused",
                        guarded ? "Reload guard" : "Reload refused",
                        report.text())
                .remedy(guarded ? "to reload anyway, add \"force\": true" : "correct the configuration")
                .report(report);
    }

    static Problem parameter(String name, String expected) {
        return Problem.of(
                BAD_REQUEST, "invalid-parameter", "Invalid parameter", "invalid '" + name + "': expected " + expected);
    }

    static Problem unknownParameter(String name, List<String> known) {
        Problem problem =
                Problem.of(BAD_REQUEST, "unknown-parameter", "Unknown parameter", "unknown parameter '" + name + "'");
        return known.isEmpty() ? problem : problem.candidates(known);
    }
}
