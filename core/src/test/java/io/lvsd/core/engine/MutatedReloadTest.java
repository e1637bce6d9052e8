package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigFormat;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigProblem;
import io.lvsd.conf.load.ConfigBuilder;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.ipvs.IpvsCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A working file, changed in one character or one line, is loaded anew: either it is refused, for a reason with a place, or
 * the table becomes what a cold start with it would make, and what the old file makes once that is back.
 */
final class MutatedReloadTest {
    private static final int MUTATIONS = Integer.getInteger("mutations", 500);
    private static final String CHARACTERS = " \t\n{}\"#!$@~\\.:-/0123456789aAzZ,()";

    private static final String TEXT = """
        # a web site, a resolver, and a group of two addresses
        $BACKEND=10.1.0
        $CHECK= \\
          TCP_CHECK { \\
            connect_timeout 3 \\
          }
        global_defs {
          router_id director
        }
        lvsd {
          repair on
          removal_grace 5
        }
        virtual_server_group pair {
          10.0.0.2-3 8080
        }
        virtual_server 10.0.0.1 80 {
          delay_loop 6
          lvs_sched wlc
          lvs_method NAT
          protocol TCP
          quorum 2
          hysteresis 1
          sorry_server 10.9.0.1 80
          ~LST({LAST,WEIGHT}, {11,2}, {12,1}) real_server ${BACKEND}.${LAST} 80 { weight $WEIGHT }
          real_server ${BACKEND}.13 80 {
            weight 3
            inhibit_on_failure
            $CHECK
          }
          real_server 10.1.0.14 80 {
            uthreshold 100
            lthreshold 50
            HTTP_GET {
              url {
                path /healthz
                status_code 200-299
              }
              connect_timeout 3
              retry 2
            }
          }
        }
        virtual_server 10.0.0.1 53 {
          lvs_sched rr
          lvs_method DR
          protocol UDP
          ops
          persistence_timeout 120
          real_server 10.1.0.21 53 {
          }
          real_server 10.1.0.22 53 {
            weight 4
          }
        }
        virtual_server group pair {
          lvs_sched sh
          sh-fallback
          lvs_method TUN
          protocol TCP
          ~SEQ(I, 31, 34) real_server 10.1.0.$I 8080 { weight 1 }
        }
        """;

    private static final String HOCON = """
        # a web site, a resolver, and a group of two addresses
        vars { backend = "10.1.0", quick { TCP_CHECK { connect_timeout = 3s } } }
        global_defs { router_id = director }
        lvsd {
          stop = remove
          removal_grace = 5s
        }
        virtual_server_group {
          pair = ["10.0.0.2-3:8080"]
        }
        virtual_server {
          web {
            address = "10.0.0.1:80"
            protocol = TCP
            delay_loop = 6s
            lvs_sched = wlc
            lvs_method = NAT
            quorum = 2
            hysteresis = 1
            sorry_server = "10.9.0.1:80"
            real_server = [
              { address = ${vars.backend}".11:80", weight = 2 }
              { address = ${vars.backend}".12:80", weight = 1 }
              ${vars.quick} {
                address = ${vars.backend}".13:80"
                weight = 3
                inhibit_on_failure = on
              }
              {
                address = "10.1.0.14:80"
                uthreshold = 100
                lthreshold = 50
                HTTP_GET {
                  url = [{ path = "/healthz", status_code = ["200-299"] }]
                  connect_timeout = 3s
                  retry = 2
                }
              }
            ]
          }
          dns {
            address = "10.0.0.1:53"
            protocol = UDP
            lvs_sched = rr, lvs_method = DR
            ops = on
            persistence_timeout = 2m
            real_server = [
              { address = "10.1.0.21:53" }
              { address = "10.1.0.22:53", weight = 4 }
            ]
          }
          pool {
            group = pair
            protocol = TCP
            lvs_sched = sh
            sh-fallback = on
            lvs_method = TUN
            real_server = [{ address = "10.1.0.31:8080" }, { address = "10.1.0.32:8080" }]
          }
        }
        """;

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());

    private ConfigLoader.Loaded load(String text) throws IOException {
        Path file = directory.resolve("test.conf");
        Files.writeString(file, text, StandardCharsets.UTF_8);
        return ConfigLoader.load(file, "director");
    }

    private static String mutate(String original, Random random) {
        List<String> lines = new ArrayList<>(original.lines().toList());
        int line = random.nextInt(lines.size());
        int at = random.nextInt(original.length());
        char other = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
        switch (random.nextInt(6)) {
            case 0 -> lines.remove(line);
            case 1 -> lines.add(line, lines.get(random.nextInt(lines.size())));
            case 2 -> lines.set(line, lines.get(random.nextInt(lines.size())));
            case 3 -> {
                return original.substring(0, at) + original.substring(at + 1);
            }
            case 4 -> {
                return original.substring(0, at) + other + original.substring(at);
            }
            default -> {
                return original.substring(0, at) + other + original.substring(at + 1);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** Everything passes, and everybody who leaves has had the time to. */
    private static void settle(World world) {
        for (int i = 0; i < 2; i++) {
            for (var server : List.copyOf(world.state.servers().values())) {
                server.realServers().forEach(rs -> world.passes(rs.config().id().toString()));
            }
            world.pass(Duration.ofSeconds(10));
        }
    }

    private static World cold(DaemonConfig config) {
        World world = new World();
        world.send(new Event.Started(
                config, world.kernel.read(), Map.of(), Set.of(), world.rows, HostFacts.NONE, Map.of()));
        settle(world);
        return world;
    }

    /** Within the band of the hysteresis a quorum is what it was: there a cold start says nothing. */
    private static boolean remembersItsPast(DaemonConfig config) {
        return config.virtualServers().stream()
                .anyMatch(vs -> vs.quorum() + vs.hysteresis()
                        > vs.realServers().stream().mapToLong(rs -> rs.weight()).sum());
    }

    @ParameterizedTest
    @EnumSource
    void aReloadIsRefusedOrEndsAsAColdStart(ConfigFormat format) throws IOException {
        String original = format == ConfigFormat.HOCON ? HOCON : TEXT;
        ConfigLoader.Loaded running = load(original);
        assertEquals(format, running.format());
        assertEquals(
                List.of(),
                running.problems().stream().filter(ConfigProblem::isError).toList());
        World world = cold(running.config());
        String table = world.table();
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            String context = "-Dseed=" + (seed + i) + " -Dmutations=1";
            String text = mutate(original, new Random(seed + i));
            ConfigLoader.Loaded loaded = load(text);
            List<ConfigProblem> fresh = ConfigBuilder.newErrors(running.problems(), loaded.problems());
            if (!loaded.loadable() || !fresh.isEmpty()) {
                refused++;
                assertTrue(
                        loaded.problems().stream()
                                .anyMatch(p -> p.isError() && !p.text().isEmpty()),
                        context);
                continue;
            }
            Rehearsal rehearsal = Rehearsal.of(world.state, world.kernel.read(), loaded.config(), world.now());
            world.kernel.forget();
            world.send(new Event.Reloaded(loaded.config()));
            List<IpvsCommand> planned = rehearsal.plan().commands();
            List<IpvsCommand> seen = world.kernel.seen();
            assertEquals(planned, seen.subList(0, Math.min(planned.size(), seen.size())), () -> context + "\n" + text);
            settle(world);
            if (!remembersItsPast(loaded.config())) {
                assertEquals(cold(loaded.config()).table(), world.table(), () -> context + "\n" + text);
            }
            world.send(new Event.Reloaded(running.config()));
            settle(world);
            assertEquals(table, world.table(), () -> context + ": and back");
        }
        world.kernel.forget();
        world.pass(Duration.ofSeconds(10));
        assertEquals(List.<IpvsCommand>of(), world.kernel.seen());
        System.out.println(format + " seed " + seed + ": " + MUTATIONS + " mutations, " + refused + " refused, "
                + (MUTATIONS - refused) + " accepted");
        assertTrue(MUTATIONS < 100 || (refused > 0 && refused < MUTATIONS));
    }
}
