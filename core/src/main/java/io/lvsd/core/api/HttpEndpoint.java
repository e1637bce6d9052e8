package io.lvsd.core.api;

import io.lvsd.conf.model.HttpConfig;
import io.lvsd.core.http.HttpLimits;
import io.lvsd.core.http.HttpServer;
import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import io.lvsd.core.http.Response;
import io.lvsd.core.http.Route;
import io.lvsd.core.http.Router;
import io.lvsd.core.http.Workers;
import io.lvsd.core.metrics.Metrics;
import io.lvsd.core.metrics.Part;
import io.lvsd.core.metrics.Scrape;
import io.lvsd.core.operations.DaemonControl;
import io.lvsd.core.operations.MaintenanceOperation;
import io.lvsd.core.operations.Overrides;
import io.lvsd.core.page.PageRoutes;
import io.lvsd.core.view.StatusInput;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The HTTP endpoint of the daemon: its parts, and their life. */
public final class HttpEndpoint implements AutoCloseable {
    private static final String COLLECT = "collect";
    /** Reports that are made at the same time; one takes several times its size of the heap for a moment. */
    private static final int REPORTS = 2;

    private static final int OPERATIONS = 4;
    private static final int WAITING = 64;

    private final Sources sources;
    private final Workers reports = new Workers("http-report", REPORTS, WAITING);
    private final Workers slow = new Workers("http-operation", OPERATIONS, WAITING);
    private final PageRoutes page;
    private final HttpServer server;

    /**
     * Where the endpoint gets everything from. Any thread may call all of it.
     *
     * @param status empty before the engine has started
     */
    public record Sources(
            Supplier<Optional<StatusInput>> status,
            HealthSource health,
            DaemonControl daemon,
            Overrides overrides,
            MaintenanceOperation maintenance,
            EventRing events,
            Metrics metrics) {}

    /** Without a listener. */
    public HttpEndpoint(HttpConfig config, Sources sources, HttpLimits limits) {
        this.sources = sources;
        this.page = new PageRoutes(sources.status(), this::input, new PageEvents(sources.events()));
        this.server = new HttpServer(config, new Router(routes()), limits, sources.metrics()::httpRequest);
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
        routes.add(Route.get("/metrics", reports, this::scrape));
        routes.addAll(new HealthRoutes(sources.health(), System::nanoTime).routes());
        routes.addAll(new ReadRoutes(this::input, new TableReader(sources.daemon()::table)).routes(reports, slow));
        routes.addAll(new MaintenanceRoutes(sources.maintenance()).routes(slow));
        routes.addAll(new OperationRoutes(sources.daemon(), sources.overrides()).routes(slow));
        routes.addAll(new EventRoutes(sources.events(), this::input).routes(reports));
        routes.add(ApiDocument.route());
        return routes;
    }

    /** {@code METHOD /path} of each route. */
    List<String> routeNames() {
        return server.routes().stream().map(r -> r.method() + " " + r.path()).toList();
    }

    private Response scrape(Request request) throws ProblemException {
        boolean gzip = request.acceptsGzip();
        Scrape scrape = sources.metrics().scrape(request.header("accept").orElse(""), gzip, parts(request));
        Response response = Response.of(scrape.contentType(), scrape.body());
        return scrape.gzipped() ? response.with("content-encoding", "gzip") : response;
    }

    private static Set<Part> parts(Request request) throws ProblemException {
        Optional<String> collect = request.query(COLLECT);
        try {
            return collect.isPresent() ? Part.of(collect.get()) : Part.ALL;
        } catch (IllegalArgumentException e) {
            throw ApiProblems.parameter(COLLECT, String.valueOf(e.getMessage())).exception();
        }
    }

    private StatusInput input() throws ProblemException {
        return sources.status().get().orElseThrow(() -> ApiProblems.notStarted().exception());
    }

    @Override
    public void close() {
        server.close();
        reports.close();
        slow.close();
        page.close();
    }
}
