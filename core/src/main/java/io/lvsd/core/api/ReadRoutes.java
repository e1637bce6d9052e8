package io.lvsd.core.api;

import io.lvsd.conf.convert.EffectiveConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import io.lvsd.core.http.Response;
import io.lvsd.core.http.Route;
import io.lvsd.core.http.Workers;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.operations.NameLookup;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.view.ConfigReport;
import io.lvsd.core.view.Explanation;
import io.lvsd.core.view.Explanations;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusReports;
import io.lvsd.core.view.TableReports;
import io.lvsd.core.view.VirtualServersReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Resources of the API that show something. */
final class ReadRoutes {
    private final StatusSource status;
    private final TableReader table;

    /** The status. */
    interface StatusSource {
        /** @throws ProblemException before the engine has started */
        StatusInput get() throws ProblemException;
    }

    ReadRoutes(StatusSource status, TableReader table) {
        this.status = status;
        this.table = table;
    }

    /**
     * The routes.
     *
     * @param reports for what is made from the state
     * @param slow for what waits for the kernel, or takes long
     */
    List<Route> routes(Workers reports, Workers slow) {
        String vs = ApiPaths.VIRTUAL_SERVER;
        String rs = ApiPaths.REAL_SERVER;
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get(ApiPaths.ROOT + "/status", reports, this::status));
        routes.add(Route.get(ApiPaths.ROOT + "/virtual-servers", reports, this::virtualServers));
        routes.add(Route.get(vs, reports, this::virtualServer));
        routes.add(Route.get(rs, reports, this::realServer));
        routes.add(Route.get(vs + "/explain", reports, r -> explain(r, false)));
        routes.add(Route.get(rs + "/explain", reports, r -> explain(r, true)));
        routes.add(Route.get(ApiPaths.ROOT + "/config", slow, this::config));
        routes.add(Route.get(ApiPaths.ROOT + "/table", slow, this::table));
        return routes;
    }

    private Response status(Request request) throws ProblemException {
        Parameters.allow(request);
        return Response.json(StatusReports.of(status.get()));
    }

    private Response virtualServers(Request request) throws ProblemException {
        Parameters.allow(request);
        return Response.json(
                new VirtualServersReport(StatusReports.of(status.get()).virtualServers()));
    }

    private Response virtualServer(Request request) throws ProblemException {
        Parameters.allow(request);
        StatusInput in = status.get();
        return Response.json(StatusReports.virtualServer(in, virtualServer(in, request)));
    }

    private Response realServer(Request request) throws ProblemException {
        Parameters.allow(request);
        StatusInput in = status.get();
        VsState server = virtualServer(in, request);
        return Response.json(StatusReports.realServer(in, server, realServer(server, request)));
    }

    private Response explain(Request request, boolean one) throws ProblemException {
        Parameters.allow(request);
        StatusInput in = status.get();
        VsState server = virtualServer(in, request);
        Optional<Explanation> draining =
                one ? Explanations.ofDraining(in, server, request.parameter("rs")) : Optional.empty();
        if (draining.isPresent()) {
            return Response.json(draining.get());
        }
        Optional<RsState> explained = one ? Optional.of(realServer(server, request)) : Optional.empty();
        return Response.json(Explanations.of(in, server, explained));
    }

    private static VsState virtualServer(StatusInput in, Request request) throws ProblemException {
        try {
            return NameLookup.virtualServer(in.state(), request.parameter("vs"));
        } catch (LookupException e) {
            throw ApiProblems.unknown(e).exception();
        }
    }

    private static RsState realServer(VsState server, Request request) throws ProblemException {
        try {
            return NameLookup.realServer(server, request.parameter("rs"));
        } catch (LookupException e) {
            throw ApiProblems.unknown(e).exception();
        }
    }

    private Response config(Request request) throws ProblemException {
        Parameters.allow(request, "format");
        String format = Parameters.choice(request, "format", List.of("keepalived", "hocon"));
        StatusInput in = status.get();
        String text = EffectiveConfig.redacted(
                        in.state().config(), ConfigFormat.valueOf(format.toUpperCase(Locale.ROOT)))
                .text();
        return Response.json(new ConfigReport(
                in.info().configFile(), in.info().configHash(), in.info().configLoaded(), format, text));
    }

    private Response table(Request request) throws ProblemException {
        Parameters.allow(request);
        TableReader.Reading reading = table.read();
        return Response.json(TableReports.of(reading.table(), reading.time()));
    }
}
