package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
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
            boolean sorry = random.nextBoolean();
            out.append(sorry ? " sorry_server 10.9.9.9 80\n" : "");
            out.append(sorry && random.nextInt(4) == 0 ? " sorry_server_inhibit\n" : "");
            out.append(random.nextInt(4) == 0 ? " inhibit_on_failure\n" : "");
            out.append(random.nextInt(4) == 0 ? " alpha\n" : "");
            out.append(random.nextInt(4) == 0 ? " slow_start 6\n" : "");
            out.append(random.nextInt(6) == 0 ? " panic_threshold 50\n" : "");
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

    /**
     * After every single command: whether each service with a destination that takes connections, before and after, had one
     * in between too; whether the command changed something; and whether what is foreign is as it was.
     */
    private static final class Watch {
        private static final ServiceKey FOREIGN =
                new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 8, 8, 8}), 80);
        private static final IpvsDestination FOREIGN_DESTINATION = IpvsDestination.of(
                new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 8, 8, 9}), 80),
                ForwardingMethod.MASQ,
                7);

        private final World world;
        private final List<List<String>> usable = new ArrayList<>();
        private final ServiceState foreign;
        private Map<ServiceKey, ServiceState> table = Map.of();
        private Predicate<IpvsCommand> refused = _ -> false;
        private boolean someRefused;
        private String context = "";

        Watch(World world) {
            this.world = world;
            foreign(world);
            foreign = world.service(FOREIGN);
            world.kernel.refuse(c -> {
                boolean no = refused.test(c);
                someRefused |= no;
                return no;
            });
            world.kernel.afterEach(this::look);
        }

        /** A service of another program. */
        static void foreign(World world) {
            world.kernel.apply(List.of(
                    new IpvsCommand.NewService(IpvsService.of(FOREIGN, "rr")),
                    new IpvsCommand.NewDest(FOREIGN, FOREIGN_DESTINATION)));
        }

        void refuse(Predicate<IpvsCommand> commands) {
            refused = commands;
        }

        private void look() {
            Map<ServiceKey, ServiceState> now = world.kernel.read().services();
            assertTrue(
                    someRefused || !now.equals(table),
                    () -> "a command without effect: " + world.kernel.seen().getLast() + "; " + context);
            assertEquals(foreign, now.get(FOREIGN), context);
            table = now;
            usable.add(usableServices());
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

        void during(Runnable what, String where) {
            context = where;
            someRefused = false;
            List<String> before = usableServices();
            table = world.kernel.read().services();
            usable.clear();
            what.run();
            List<String> after = usableServices();
            for (List<String> between : usable) {
                for (String service : before) {
                    assertTrue(
                            !after.contains(service) || between.contains(service),
                            service + " was empty in between; " + where);
                }
            }
        }
    }

    private static void say(World world, String server, Random random) {
        world.operator(server, before -> switch (random.nextInt(5)) {
            case 0 -> before.disabled();
            case 1 -> before.drained(random.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofSeconds(3)));
            case 2 -> before.withWeight(Optional.of((long) random.nextInt(4)));
            default -> RsOverride.NONE;
        });
    }

    /** Every second server fails, the others pass. */
    private static void judge(World world) {
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
    }

    /** An independent computation of the servers in the table, from their health and overrides. */
    private static void assertOnlyTheLivingAreIn(World world, String context) {
        for (VsState vs : world.state.servers().values()) {
            ServiceKey key = Translation.keys(vs.config()).getFirst();
            boolean hasSorry = vs.config().sorry().isPresent();
            long live = vs.realServers().stream()
                    .filter(rs -> isLive(rs) && rs.override().mode() == RsOverride.Mode.ENABLED)
                    .mapToLong(RsState::weight)
                    .sum();
            boolean sorry = hasSorry && live < vs.config().quorum();
            for (RsState rs : vs.realServers()) {
                DestinationState found = world.service(key).destinations().get(DesiredState.key(key, rs.config()));
                boolean in = found != null && found.config().usable();
                boolean enabled = rs.override().mode() == RsOverride.Mode.ENABLED;
                String what = rs.config().id() + " of " + vs.config().id() + "; " + context;
                if (!isLive(rs) && vs.config().panicThreshold() == 0 || !enabled) {
                    assertFalse(in, what);
                } else if (isLive(rs) && enabled && rs.weight() > 0 && !sorry) {
                    assertTrue(in, what);
                }
            }
        }
    }

    /** As {@link #judge} has it. */
    private static boolean isLive(RsState rs) {
        return rs.config().id().address().getAddress()[3] % 2 != 0;
    }

    @Test
    void noServiceIsEverEmptyInBetweenAndTheTableEndsAsAColdStartWouldMakeIt() {
        System.out.println("-Dseed=" + seed + " -Dlives=" + LIVES);
        for (int life = 0; life < LIVES; life++) {
            Random random = new Random(seed + life);
            String context = "-Dseed=" + (seed + life) + " -Dlives=1";
            World world = new World();
            Watch watch = new Watch(world);
            String config = random(random);
            world.start(config);
            for (int i = 0; i < 30; i++) {
                watch.refuse(refusal(random));
                String server = "10.1.0." + (10 + random.nextInt(4)) + ":80";
                switch (random.nextInt(8)) {
                    case 0, 1 -> watch.during(() -> world.fails(server), context);
                    case 2, 3 -> watch.during(() -> world.passes(server), context);
                    case 4 -> watch.during(() -> world.pass(Duration.ofSeconds(random.nextInt(4))), context);
                    case 5, 6 -> watch.during(() -> say(world, server, random), context);
                    default -> {
                        config = random(random);
                        String next = config;
                        watch.during(() -> world.reload(next), context);
                    }
                }
            }
            watch.refuse(_ -> false);
            judge(world);
            World cold = new World();
            Watch.foreign(cold);
            cold.overrides.putAll(world.overrides);
            cold.start(config);
            judge(cold);
            assertEquals(cold.table(), world.table(), context + "\n" + config);
            assertOnlyTheLivingAreIn(world, context + "\n" + config);
            world.kernel.forget();
            world.pass(Duration.ofSeconds(10));
            assertEquals(List.<IpvsCommand>of(), world.kernel.seen(), "nothing is left to do; " + context);
        }
    }

    /** Nothing, any one command, or every third of all. */
    private static Predicate<IpvsCommand> refusal(Random random) {
        int which = random.nextInt(6);
        int third = random.nextInt(3);
        AtomicInteger count = new AtomicInteger();
        return switch (random.nextInt(5)) {
            case 0 -> c -> Math.floorMod(c.toString().hashCode(), 3) == third;
            case 1, 2 -> _ -> count.getAndIncrement() == which;
            default -> _ -> false;
        };
    }
}
