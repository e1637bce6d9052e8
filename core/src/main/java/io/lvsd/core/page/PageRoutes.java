package io.lvsd.core.page;

import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import io.lvsd.core.http.Response;
import io.lvsd.core.http.Route;
import io.lvsd.core.http.Workers;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.StatusReports;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/** The status page and what it needs. Samples the table every ten seconds, for its charts. */
public final class PageRoutes implements AutoCloseable {
    private static final int OK = 200;
    private static final int SAMPLE_SECONDS = 10;

    private final Supplier<Optional<StatusInput>> status;
    private final Required required;
    private final EventSource events;
    private final TrafficHistory traffic = new TrafficHistory();
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("traffic").daemon().factory());

    /** The status, or the problem that is reported while there is none. */
    public interface Required {
        /** @throws ProblemException if the engine has not started */
        StatusInput get() throws ProblemException;
    }

    /** The last events. */
    public interface EventSource {
        /** No events. */
        EventSource NONE = () -> RecentEvents.NONE;

        /** Any thread. */
        RecentEvents recent();
    }

    /** @param status empty before the engine has started; any thread */
    public PageRoutes(Supplier<Optional<StatusInput>> status, Required required, EventSource events) {
        this.status = status;
        this.required = required;
        this.events = events;
        var _ = sampler.scheduleWithFixedDelay(this::sample, SAMPLE_SECONDS, SAMPLE_SECONDS, TimeUnit.SECONDS);
    }

    private void sample() {
        status.get().ifPresent(s -> traffic.sample(s.state().table().actual()));
    }

    /** The routes of the page. */
    public List<Route> routes(Workers workers) {
        return List.of(
                Route.get("/", workers, this::page),
                resource("lvsd.css", "text/css; charset=utf-8"),
                resource("lvsd.js", "text/javascript; charset=utf-8"),
                resource("lvsd.svg", "image/svg+xml"));
    }

    private static Route resource(String name, String contentType) {
        byte[] bytes = bytes(name);
        Response response = Response.of(contentType, bytes);
        return Route.get("/static/" + name, _ -> response);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = PageRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Response page(Request request) throws ProblemException {
        StatusInput in = required.get();
        StatusReport report = StatusReports.of(in);
        boolean problems = request.query("only").filter("problems"::equals).isPresent();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        PageInput page = new PageInput(report, traffic(in.state().table().actual()), load, events.recent(), problems);
        String html = StatusPage.html(page);
        return request.acceptsGzip()
                ? Response.of("text/html; charset=utf-8", compressed(html)).with("content-encoding", "gzip")
                : Response.of(OK, "text/html", html);
    }

    private static byte[] compressed(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Finds samples by the texts of the report. */
    private PageInput.Traffic traffic(Map<ServiceKey, ServiceState> table) {
        Map<String, ServiceState> services = new HashMap<>();
        Map<String, Map<String, TrafficHistory.Subject>> subjects = new HashMap<>();
        table.forEach((key, service) -> services.put(key.toString(), service));
        return (service, destination) -> {
            ServiceState found = services.get(service);
            if (found == null) {
                return Optional.empty();
            }
            ServiceKey key = found.config().key();
            if (destination.isEmpty()) {
                return traffic.of(new TrafficHistory.Subject(key, Optional.empty()));
            }
            TrafficHistory.Subject subject =
                    subjects.computeIfAbsent(service, _ -> subjects(found)).get(destination);
            return subject == null ? Optional.empty() : traffic.of(subject);
        };
    }

    private static Map<String, TrafficHistory.Subject> subjects(ServiceState service) {
        Map<String, TrafficHistory.Subject> subjects = new HashMap<>();
        service.destinations()
                .keySet()
                .forEach(d -> subjects.put(
                        d.toString(),
                        new TrafficHistory.Subject(service.config().key(), Optional.of(d))));
        return subjects;
    }

    @Override
    public void close() {
        sampler.shutdownNow();
    }
}
