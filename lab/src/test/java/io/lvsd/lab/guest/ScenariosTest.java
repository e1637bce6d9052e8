package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Packaged keepalived and lvsd side by side, each in a network namespace of its own with the same file: real servers die and
 * return for both at the same time, scripts and files are the same for both, both reload. After each step, when nothing moves any
 * more, both tables are the same, line for line.
 */
final class ScenariosTest {
    /** Two rounds of checks, and a second for what follows from them. */
    private static final long STEP_NANOS = 6_000_000_000L;

    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long PATIENCE_NANOS = 45_000_000_000L;
    private static final Pattern NUMBER = Pattern.compile("(?:10\\.50\\.|fd00:50::|-f 1)([0-9a-f]+)");

    private final List<Scenario> scenarios = sample();
    private final List<String> differences = new ArrayList<>();

    /** All of them, or as many as the time of this guest allows, by a seed. */
    private static List<Scenario> sample() {
        long seed = Long.getLong("seed", System.nanoTime());
        int count = Integer.getInteger("lvsd.lab.scenarios", 15);
        List<Scenario> all = new ArrayList<>(Scenario.all());
        Collections.shuffle(all, new Random(seed));
        System.out.println("ScenariosTest: -Dseed=" + seed + ", " + Math.min(count, all.size()) + " of " + all.size());
        return List.copyOf(all.subList(0, Math.min(count, all.size())));
    }

    private static Side side(String space, List<Scenario> scenarios) throws IOException {
        Side side = new Side(space);
        // keepalived knows no grace.
        side.write("lvsd.conf", "lvsd {\n removal_grace 0\n}\ninclude daemon.conf\n");
        act(side, scenarios, 0);
        configure(side, scenarios, false);
        return side;
    }

    private static void configure(Side side, List<Scenario> scenarios, boolean afterReload) throws IOException {
        StringBuilder text = new StringBuilder("global_defs {\n script_user root\n enable_script_security\n}\n");
        for (int i = 0; i < scenarios.size(); i++) {
            text.append(scenarios.get(i).config(i + 1, side.file("").toString(), afterReload));
        }
        side.write("daemon.conf", text.toString());
    }

    private static void act(Side side, List<Scenario> scenarios, int step) throws IOException {
        Map<Integer, List<String>> words = new TreeMap<>();
        for (int i = 0; i < scenarios.size(); i++) {
            words.put(i + 1, scenarios.get(i).words(step));
        }
        side.act(words);
    }

    /** A table, scenario by scenario. */
    private static Map<Integer, List<String>> table(Side side) {
        Map<Integer, List<String>> table = new TreeMap<>();
        side.table().forEach(line -> {
            Matcher number = NUMBER.matcher(line);
            assertTrue(number.find(), line);
            table.computeIfAbsent(Integer.valueOf(number.group(1)), _ -> new ArrayList<>())
                    .add(line);
        });
        return table;
    }

    @Test
    void bothTablesAreTheSameAfterEachStep() throws IOException {
        try (Side theirs = side("scenario-k", scenarios);
                Side ours = side("scenario-l", scenarios)) {
            Background keepalived =
                    theirs.start("keepalived", "keepalived -n -l -G -C -p @D/k.pid -c @D/c.pid -f @D/daemon.conf");
            Background lvsd = ours.start(
                    "lvsd", "./lvsd run --driver kernel --run-dir @D/run --state-dir @D/state -f @D/lvsd.conf");
            Bed.waitFor("keepalived has begun", () -> !table(theirs).isEmpty(), keepalived::log);
            Bed.waitFor("lvsd has begun", () -> !table(ours).isEmpty(), lvsd::log);
            Map<Integer, Set<List<String>>> seen = new TreeMap<>();
            compare("at the start", theirs, ours, seen);
            for (int step = 1; step < Scenario.STEPS; step++) {
                if (step == Scenario.RELOAD) {
                    configure(theirs, scenarios, true);
                    configure(ours, scenarios, true);
                    keepalived.signal("HUP");
                    lvsd.signal("HUP");
                    compare("after the reload", theirs, ours, seen);
                }
                act(theirs, scenarios, step);
                act(ours, scenarios, step);
                compare("after step " + step, theirs, ours, seen);
            }
            for (int i = 0; i < scenarios.size(); i++) {
                assertTrue(
                        seen.getOrDefault(i + 1, Set.of()).size() > 1,
                        scenarios.get(i).name() + ": nothing ever happened in keepalived's table");
            }
            System.out.println(scenarios.size() + " scenarios, " + (Scenario.STEPS + 1) + " tables of each compared");
            assertTrue(differences.isEmpty(), () -> String.join("\n", differences));
        }
    }

    /** Waits until both are the same and nothing moves; what stays different is noted. */
    private void compare(String when, Side theirs, Side ours, Map<Integer, Set<List<String>>> seen) {
        long start = System.nanoTime();
        Map<Integer, List<String>> k = Map.of();
        Map<Integer, List<String>> l = Map.of();
        boolean settled = false;
        while (!settled && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
            Map<Integer, List<String>> nextTheirs = table(theirs);
            Map<Integer, List<String>> nextOurs = table(ours);
            boolean still = nextTheirs.equals(k) && nextOurs.equals(l);
            k = nextTheirs;
            l = nextOurs;
            settled = still && k.equals(l) && System.nanoTime() - start > STEP_NANOS;
        }
        for (int i = 1; i <= scenarios.size(); i++) {
            List<String> a = k.getOrDefault(i, List.of());
            List<String> b = l.getOrDefault(i, List.of());
            seen.computeIfAbsent(i, _ -> new HashSet<>()).add(a);
            if (!a.equals(b)) {
                differences.add(scenarios.get(i - 1).name() + ", " + when + "\n  keepalived: " + a + "\n  lvsd: " + b);
            }
        }
    }
}
