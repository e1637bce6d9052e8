package io.lvsd.core.demo;

import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;

/** Demonstrates failover in steps. Each step ends when a client has observed its effect from outside. */
final class DemoScenario {
    private static final int WINDOW = 9;
    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long REQUEST_MILLIS = 100;
    private static final int EXTRA_REQUESTS = 12;

    private final Demo demo;
    private final Screen screen;
    private final List<String> responses = new ArrayList<>();
    private int requests;
    private int failed;
    /** Failed requests while a real server or the sorry page was available. */
    private int unexpected;
    /** True from the stop of the last real server until the sorry page responds. */
    private boolean noBackend;

    DemoScenario(Demo demo) {
        this.demo = demo;
        this.screen = demo.screen();
    }

    /** Runs all steps. Returns true if each was observed. */
    boolean run() throws IOException, InterruptedException {
        return step("1. Three real servers are up: requests are distributed in turn.", this::allInTurn)
                && serverStops(
                        0,
                        "2. Real server a is stopped: its check fails, it is removed from the table, clients see no"
                                + " error.")
                && serverStops(1, "3. Real server b is stopped too: all requests go to c.")
                && noErrors()
                && lastServerStops()
                && serversReturn()
                && walk()
                && endpoint()
                && summary();
    }

    private interface Condition {
        boolean matches(List<String> window);
    }

    /** Sends requests until the last ones are as expected, and some more so that the display can be followed. */
    private boolean step(String title, Condition expected) throws InterruptedException {
        screen.print(title);
        responses.clear();
        long deadline = System.nanoTime() + STEP_NANOS;
        int seenAt = -1;
        while (System.nanoTime() < deadline || seenAt >= 0) {
            sendRequest();
            int size = responses.size();
            List<String> window = responses.subList(Math.max(0, size - WINDOW), size);
            if (seenAt < 0 && window.size() == WINDOW && expected.matches(window)) {
                seenAt = size;
            }
            if (seenAt >= 0 && size >= seenAt + EXTRA_REQUESTS) {
                screen.print("   responses: " + String.join(" ", responses.subList(seenAt - WINDOW, seenAt)));
                screen.finish(demo.table());
                screen.print("");
                return true;
            }
            demo.refresh();
            Thread.sleep(REQUEST_MILLIS);
        }
        screen.print("   NOT OBSERVED within " + TimeUnit.NANOSECONDS.toSeconds(STEP_NANOS) + " s; last responses: "
                + String.join(" ", responses.subList(Math.max(0, responses.size() - WINDOW), responses.size())));
        return false;
    }

    private void sendRequest() {
        String server = DemoClient.get(demo.ports().service(), "/").server();
        responses.add(server);
        requests++;
        if (server.equals("-")) {
            failed++;
            unexpected += noBackend ? 0 : 1;
        } else {
            noBackend = false;
        }
    }

    private boolean allInTurn(List<String> window) {
        return demo.count() * 3 == window.size()
                && List.of("a", "b", "c").stream()
                        .allMatch(n -> window.stream().filter(n::equals).count() == 3);
    }

    private boolean serverStops(int number, String title) throws InterruptedException {
        demo.server(number).stop();
        String name = demo.server(number).name();
        return step(title, window -> isRemoved(number) && window.stream().noneMatch(name::equals) && served(window));
    }

    private static boolean served(List<String> window) {
        return window.stream().allMatch(w -> w.length() == 1 && !w.equals("-"));
    }

    private boolean isRemoved(int number) {
        int port = demo.server(number).address().getPort();
        return demo.director().service().stream()
                .flatMap(s -> s.destinations().keySet().stream())
                .noneMatch(k -> k.port() == port);
    }

    private boolean noErrors() {
        screen.print(
                unexpected == 0
                        ? "   So far a real server responded to each of " + requests + " requests.\n"
                        : "   NOT OBSERVED: " + unexpected + " of " + requests + " requests got no response");
        return unexpected == 0;
    }

    private boolean lastServerStops() throws InterruptedException {
        noBackend = true;
        demo.server(2).stop();
        return step(
                "4. The last real server is stopped: the sorry page responds with status 502.",
                window -> window.stream().allMatch("sorry"::equals));
    }

    private boolean serversReturn() throws IOException, InterruptedException {
        for (int i = 0; i < demo.count(); i++) {
            demo.server(i).start();
        }
        return step("5. All three are started again: they respond, and the sorry page is removed.", this::allInTurn);
    }

    // ---- SNMP and HTTP

    private boolean walk() throws IOException, InterruptedException {
        screen.print("6. LVS-MIB, read by an SNMP walk over UDP:");
        ServiceState service = demo.director().service().orElseThrow();
        SortedMap<OID, Variable> values = DemoWalk.walk(demo.ports().snmp(), "public");
        // The agent shows the last snapshot of the table, which is read every two seconds.
        for (long deadline = System.nanoTime() + STEP_NANOS;
                System.nanoTime() < deadline && !agrees(values, service); ) {
            Thread.sleep(REQUEST_MILLIS);
            values = DemoWalk.walk(demo.ports().snmp(), "public");
            service = demo.director().service().orElseThrow();
        }
        SortedMap<OID, Variable> last = values;
        names().forEach((oid, name) -> screen.print("   LVS-MIB::" + name + " = " + last.get(new OID(oid))));
        screen.print("   ... " + values.size() + " values in total");
        boolean correct = agrees(values, service);
        screen.print(
                correct
                        ? "   The values agree with the table.\n"
                        : "   NOT OBSERVED: the values differ from the table above");
        return correct;
    }

    private Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("1.0", "lvsVersion.0");
        names.put("2.0", "lvsNumServices.0");
        names.put("17.1.4.1", "lvsServiceAddr.1");
        names.put("17.1.5.1", "lvsServicePort.1");
        names.put("17.1.9.1", "lvsServiceNumDests.1");
        names.put("17.1.10.1", "lvsServiceStatsConns.1");
        for (int i = 1; i <= demo.count(); i++) {
            names.put("18.1.4.1." + i, "lvsRealServerPort.1." + i);
            names.put("18.1.7.1." + i, "lvsRealStatsConns.1." + i);
        }
        return names;
    }

    private boolean agrees(SortedMap<OID, Variable> values, ServiceState service) {
        boolean agrees = is(values, "2.0", 1)
                && is(values, "17.1.9.1", demo.count())
                && is(values, "17.1.10.1", service.stats().connections());
        for (int i = 1; i <= demo.count(); i++) {
            DestinationState destination = destination(service, i);
            agrees &= is(values, "18.1.4.1." + i, destination.config().key().port())
                    && is(values, "18.1.7.1." + i, destination.stats().connections());
        }
        return agrees;
    }

    private DestinationState destination(ServiceState service, int number) {
        int port = demo.server(number - 1).address().getPort();
        Predicate<DestinationState> same = d -> d.config().key().port() == port;
        return service.destinations().values().stream().filter(same).findFirst().orElseThrow();
    }

    private static boolean is(SortedMap<OID, Variable> values, String oid, long expected) {
        Variable value = values.get(new OID(oid));
        return value != null && value.toLong() == expected;
    }

    private boolean endpoint() {
        DemoClient.Response page = DemoClient.get(demo.ports().http(), "/");
        DemoClient.Response json = DemoClient.get(demo.ports().http(), "/api/v1/status");
        boolean correct = page.status() == 200
                && page.body().contains("<dt>driver</dt><dd>embedded</dd>")
                && !page.body().contains("data-state=\"down\"")
                && json.status() == 200
                && json.body().contains("\"driver\" : \"embedded\"")
                && !json.body().contains("\"state\" : \"down\"");
        for (int i = 0; i < demo.count(); i++) {
            String server = Director.text(demo.server(i).address());
            correct &= page.body().contains("data-rs=\"" + server + "\"")
                    && json.body().contains("\"address\" : \"" + server + "\",\n      \"state\" : \"up\"");
        }
        screen.print("7. The status page and its JSON " + (correct ? "agree." : "do NOT agree."));
        return correct;
    }

    private boolean summary() {
        screen.print("");
        screen.print(
                unexpected == 0
                        ? "Every step was observed: " + requests + " requests, " + failed
                                + " without a response, all between the stop of the last real server and the sorry"
                                + " page."
                        : "NOT OBSERVED: " + unexpected + " requests got no response although a server was available.");
        return unexpected == 0;
    }
}
