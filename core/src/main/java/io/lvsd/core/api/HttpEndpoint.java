package io.lvsd.core.api;

import io.lvsd.conf.model.HttpConfig;
import io.lvsd.core.http.HttpLimits;
import io.lvsd.core.http.HttpServer;
import io.lvsd.core.http.Problem;
import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import io.lvsd.core.http.Response;
import io.lvsd.core.http.Route;
import io.lvsd.core.http.Router;
import io.lvsd.core.http.Workers;
import io.lvsd.core.metrics.Metrics;
import io.lvsd.core.metrics.Part;
import io.lvsd.core.metrics.Scrape;
import io.lvsd.core.page.PageRoutes;
import io.lvsd.core.view.HealthReport;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.StatusReports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The HTTP endpoint of the daemon. */
public final class HttpEndpoint implements AutoCloseable {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;
    /** Reports that are made at the same time. */
    private static final int REPORTS = 2;

    private static final int WAITING = 64;

    private final Supplier<Optional<StatusInput>> status;
    private final HealthSource health;
    private final Metrics metrics;
    private final Workers reports = new Workers("http-report", REPORTS, WAITING);
    private final PageRoutes page;
    private final HttpServer server;

    /**
     * Without a listener.
     *
     * @param status called for each request, on a thread of the endpoint; empty before the engine has started
     */
    public HttpEndpoint(
            HttpConfig config,
            Supplier<Optional<StatusInput>> status,
            HealthSource health,
            Metrics metrics,
            HttpLimits limits) {
        this.status = status;
        this.health = health;
        this.metrics = metrics;
        this.page = new PageRoutes(status, this::input, PageRoutes.EventSource.NONE);
        this.server = new HttpServer(config, new Router(routes()), limits, metrics::httpRequest);
    }

    /**
     * Listens on another address.
     *
     * @throws IOException if the address cannot be bound
     */
    public void listen(InetSocketAddress address) throws IOException {
        server.listen(address);
    }

    /** Uses another configuration with the same addresses; any thread. */
    public void configure(HttpConfig config) {
        server.configure(config);
    }

    private List<Route> routes() {
        List<Route> routes = new ArrayList<>(page.routes(reports));
        routes.add(Route.get("/status.json", reports, _ -> Response.json(report())));
        routes.add(Route.get("/metrics", reports, this::scrape));
        routes.add(Route.get("/livez", _ -> response(health.liveness())));
        routes.add(Route.get("/readyz", reports, _ -> response(health.readiness())));
        return routes;
    }

    private static Response response(HealthReport report) {
        return Response.json(report.healthy() ? OK : UNAVAILABLE, report);
    }

    private Response scrape(Request request) throws ProblemException {
        boolean gzip = request.header("accept-encoding").orElse("").contains("gzip");
        Scrape scrape = metrics.scrape(request.header("accept").orElse(""), gzip, parts(request));
        Response response = Response.of(scrape.contentType(), scrape.body());
        return scrape.gzipped() ? response.with("content-encoding", "gzip") : response;
    }

    private static Set<Part> parts(Request request) throws ProblemException {
        Optional<String> collect = request.query("collect");
        try {
            return collect.isPresent() ? Part.of(collect.get()) : Part.ALL;
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.of(
                    BAD_REQUEST, "invalid-parameter", "Invalid parameter", String.valueOf(e.getMessage())));
        }
    }

    private StatusReport report() throws ProblemException {
        return StatusReports.of(input());
    }

    private StatusInput input() throws ProblemException {
        return status.get().orElseThrow(HttpEndpoint::notStarted);
    }

    private static ProblemException notStarted() {
        return new ProblemException(
                Problem.of(UNAVAILABLE, "not-started", "Not started", "the daemon has not read the IPVS table yet")
                        .remedy("try again in a second"));
    }

    @Override
    public void close() {
        server.close();
        reports.close();
        page.close();
    }
}
