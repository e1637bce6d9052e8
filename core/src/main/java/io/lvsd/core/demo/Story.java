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

/** The main job in a few steps. Each is over when it has been seen to happen, from outside, by a client. */
final class Story {
    private static final int WINDOW = 9;
    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long REQUEST_MILLIS = 100;
    private static final int LINGER = 12;

    private final Demo demo;
    private final Screen screen;
    private final List<String> answers = new ArrayList<>();
    private int asked;
    private int unanswered;
    /** Of these, those that somebody was there to answer. */
    private int lost;
    /** Whether the last real server is dead and the sorry page not yet in. */
    private boolean nobody;

    Story(Demo demo) {
        this.demo = demo;
        this.screen = demo.screen();
    }

    /** True if every step was seen. */
    boolean play() throws IOException, InterruptedException {
        return step("1. Three real servers are healthy: requests take turns.", this::takeTurns)
                && dies(0, "2. Real server a is killed: its check fails, it leaves the table, nobody notices.")
                && dies(1, "3. Real server b is killed, too: all requests go to c.")
                && unnoticed()
                && lastOneDies()
                && returns()
                && walk()
                && endpoint()
                && theEnd();
    }

    private interface Condition {
        boolean holds(List<String> window);
    }

    /** Makes requests until the last ones are as expected, and a while longer for those who watch. */
    private boolean step(String title, Condition expected) throws InterruptedException {
        screen.say(title);
        answers.clear();
        long deadline = System.nanoTime() + STEP_NANOS;
        int seenAt = -1;
        while (System.nanoTime() < deadline || seenAt >= 0) {
            ask();
            int size = answers.size();
            List<String> window = answers.subList(Math.max(0, size - WINDOW), size);
            if (seenAt < 0 && window.size() == WINDOW && expected.holds(window)) {
                seenAt = size;
            }
            if (seenAt >= 0 && size >= seenAt + LINGER) {
                screen.say("   answers: " + String.join(" ", answers.subList(seenAt - WINDOW, seenAt)));
                screen.settle(demo.table());
                screen.say("");
                return true;
            }
            demo.refresh();
            Thread.sleep(REQUEST_MILLIS);
        }
        screen.say("   NOT SEEN within " + TimeUnit.NANOSECONDS.toSeconds(STEP_NANOS) + " s; last answers: "
                + String.join(" ", answers.subList(Math.max(0, answers.size() - WINDOW), answers.size())));
        return false;
    }

    private void ask() {
        String who = DemoClient.get(demo.ports().service(), "/").who();
        answers.add(who);
        asked++;
        if (who.equals("-")) {
            unanswered++;
            lost += nobody ? 0 : 1;
        } else {
            nobody = false;
        }
    }

    private boolean takeTurns(List<String> window) {
        return demo.count() * 3 == window.size()
                && List.of("a", "b", "c").stream()
                        .allMatch(n -> window.stream().filter(n::equals).count() == 3);
    }

    private boolean dies(int number, String title) throws InterruptedException {
        demo.server(number).kill();
        String name = demo.server(number).name();
        return step(title, window -> isOut(number) && window.stream().noneMatch(name::equals) && served(window));
    }

    private static boolean served(List<String> window) {
        return window.stream().allMatch(w -> w.length() == 1 && !w.equals("-"));
    }

    private boolean isOut(int number) {
        int port = demo.server(number).address().getPort();
        return demo.director().service().stream()
                .flatMap(s -> s.destinations().keySet().stream())
                .noneMatch(k -> k.port() == port);
    }

    private boolean unnoticed() {
        screen.say(
                lost == 0
                        ? "   So far " + asked + " requests were made, and every one was answered by a real server.\n"
                        : "   NOT SEEN: " + lost + " of " + asked + " requests got no answer");
        return lost == 0;
    }

    private boolean lastOneDies() throws InterruptedException {
        nobody = true;
        demo.server(2).kill();
        return step(
                "4. The last real server is killed: the sorry page stands in, with status 502.",
                window -> window.stream().allMatch("sorry"::equals));
    }

    private boolean returns() throws IOException, InterruptedException {
        for (int i = 0; i < demo.count(); i++) {
            demo.server(i).revive();
        }
        return step("5. All three are back: so are their answers, and the sorry page is gone.", this::takeTurns);
    }

    // ---- what others see

    private boolean walk() throws IOException, InterruptedException {
        screen.say("6. LVS-MIB, walked over UDP:");
        ServiceState service = demo.director().service().orElseThrow();
        SortedMap<OID, Variable> values = DemoWalk.walk(demo.ports().snmp(), "public");
        // The agent shows the table as it was read last, which is every two seconds.
        for (long deadline = System.nanoTime() + STEP_NANOS;
                System.nanoTime() < deadline && !agrees(values, service); ) {
            Thread.sleep(REQUEST_MILLIS);
            values = DemoWalk.walk(demo.ports().snmp(), "public");
            service = demo.director().service().orElseThrow();
        }
        SortedMap<OID, Variable> last = values;
        names().forEach((oid, name) -> screen.say("   LVS-MIB::" + name + " = " + last.get(new OID(oid))));
        screen.say("   ... " + values.size() + " values in all");
        boolean good = agrees(values, service);
        screen.say(good ? "   It agrees with the table.\n" : "   NOT SEEN: it differs from the table above");
        return good;
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
        DemoClient.Answer page = DemoClient.get(demo.ports().http(), "/");
        DemoClient.Answer json = DemoClient.get(demo.ports().http(), "/status.json");
        boolean good = page.status() == 200
                && page.body().contains("driver embedded")
                && !page.body().contains(">down<")
                && json.status() == 200
                && json.body().contains("\"driver\" : \"embedded\"")
                && !json.body().contains("\"state\" : \"down\"");
        for (int i = 0; i < demo.count(); i++) {
            String server = Director.text(demo.server(i).address());
            good &= page.body().contains("<td>" + server + "<td><span class=\"up\">up")
                    && json.body().contains("\"address\" : \"" + server + "\",\n      \"state\" : \"up\"");
        }
        screen.say("7. The status page and its JSON " + (good ? "say the same." : "do NOT say the same."));
        return good;
    }

    private boolean theEnd() {
        screen.say("");
        screen.say(
                lost == 0
                        ? "Every step was seen to happen: " + asked + " requests, " + unanswered
                                + " without an answer, all while no real server was left and the sorry page not yet in."
                        : "NOT SEEN: " + lost + " requests got no answer although somebody was there to give one.");
        return lost == 0;
    }
}
