package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Promises that hold whatever happens, over random lives; the seed is in every message. */
final class EnginePropertyTest {
    private static final int LIVES = Integer.getInteger("lives", 300);
    private final long seed = Long.getLong("seed", System.nanoTime());

    private static String random(Random random) {
        StringBuilder out = new StringBuilder();
        for (int v = 0; v < 1 + random.nextInt(3); v++) {
            out.append("virtual_server 10.0.")
                    .append(v)
                    .append(".1 80 {\n protocol TCP\n lvs_sched ")
                    .append(random.nextBoolean() ? "rr" : "wlc");
            out.append("\n lvs_method NAT\n");
            out.append(random.nextBoolean() ? " sorry_server 10.9.9.9 80\n" : "");
            out.append(random.nextInt(4) == 0 ? " sorry_server_inhibit\n" : "");
            out.append(random.nextInt(4) == 0 ? " inhibit_on_failure\n" : "");
            out.append(random.nextInt(4) == 0 ? " alpha\n" : "");
            out.append(" removal_grace ").append(random.nextInt(3) * 5).append('\n');
            int servers = 1 + random.nextInt(4);
            out.append(" quorum ").append(1 + random.nextInt(servers)).append('\n');
            for (int r = 0; r < servers; r++) {
                out.append(" real_server 10.1.0.")
                        .append(10 + r)
                        .append(" 80 {\n  weight ")
                        .append(1 + random.nextInt(3))
                        .append("\n  TCP_CHECK {\n  }\n }\n");
            }
            out.append("}\n");
        }
        return out.toString();
    }

    /** Whether each service with a destination that takes connections, before and after, never was without one in between. */
    private static final class Watch {
        private final World world;
        private final List<List<String>> usable = new ArrayList<>();

        Watch(World world) {
            this.world = world;
            world.kernel.afterEach(() -> usable.add(usableServices()));
        }

        List<String> usableServices() {
            return world.kernel.read().services().values().stream()
                    .filter(Watch::usable)
                    .map(s -> s.config().key().toString())
                    .toList();
        }

        private static boolean usable(ServiceState service) {
            return service.destinations().values().stream()
                    .anyMatch(d -> d.config().usable());
        }

        void during(Runnable what, String context) {
            List<String> before = usableServices();
            usable.clear();
            what.run();
            List<String> after = usableServices();
            for (List<String> between : usable) {
                for (String service : before) {
                    assertTrue(
                            !after.contains(service) || between.contains(service),
                            service + " was empty in between; " + context);
                }
            }
        }
    }

    @Test
    void noServiceIsEverEmptyInBetweenAndTheTableEndsAsAColdStartWouldMakeIt() {
        for (int life = 0; life < LIVES; life++) {
            Random random = new Random(seed + life);
            String context = "-Dseed=" + (seed + life) + " -Dlives=1";
            World world = new World();
            Watch watch = new Watch(world);
            String config = random(random);
            world.start(config);
            for (int i = 0; i < 30; i++) {
                String server = "10.1.0." + (10 + random.nextInt(4)) + ":80";
                switch (random.nextInt(6)) {
                    case 0, 1 -> watch.during(() -> world.fails(server), context);
                    case 2, 3 -> watch.during(() -> world.passes(server), context);
                    case 4 -> watch.during(() -> world.pass(Duration.ofSeconds(random.nextInt(4))), context);
                    default -> {
                        config = random(random);
                        String next = config;
                        watch.during(() -> world.reload(next), context);
                    }
                }
                if (random.nextInt(4) == 0) {
                    int refused = random.nextInt(3);
                    world.kernel.refuse(c -> Math.floorMod(c.toString().hashCode(), 3) == refused);
                } else {
                    world.kernel.refuse(_ -> false);
                }
            }
            world.kernel.refuse(_ -> false);
            for (int i = 0; i < 4; i++) {
                for (int pass = 0; pass < 2; pass++) {
                    if (i % 2 == 0) {
                        world.fails("10.1.0." + (10 + i) + ":80");
                    } else {
                        world.passes("10.1.0." + (10 + i) + ":80");
                    }
                }
            }
            world.pass(Duration.ofSeconds(45));
            World cold = new World().start(config);
            for (int i = 0; i < 4; i++) {
                if (i % 2 == 0) {
                    cold.fails("10.1.0." + (10 + i) + ":80");
                } else {
                    cold.passes("10.1.0." + (10 + i) + ":80");
                }
            }
            cold.pass(Duration.ofSeconds(45));
            assertEquals(cold.table(), world.table(), context + "\n" + config);
            world.kernel.forget();
            world.pass(Duration.ofSeconds(10));
            assertEquals(List.<IpvsCommand>of(), world.kernel.seen(), "nothing is left to do; " + context);
        }
    }
}
