package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.load.ConfigBuilder;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.ipvs.IpvsCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A working file, changed in one character or one line, is loaded again: either it is refused, for a reason with a place, or
 * the table becomes what a cold start with it would make, and what the old file makes once that is back.
 */
final class MutatedReloadTest {
    private static final int MUTATIONS = Integer.getInteger("mutations", 500);
    private static final String CHARACTERS = " \t\n{}\"#!$@~\\.:-/0123456789aAzZ,()";

    /** One working file in each syntax, which the lab mutates for a real daemon too. */
    private static final Path FILES = Path.of("..", "lab", "src", "test", "mutated");

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

    /** Everything passes, and all draining servers have had their time. */
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
                config,
                world.kernel.read(),
                StoredResults.Trusted.NONE,
                Map.of(),
                Map.of(),
                Map.of(),
                Set.of(),
                KernelJournal.NONE,
                world.rows,
                HostFacts.NONE,
                Map.of(),
                false,
                world.time()));
        settle(world);
        return world;
    }

    /** Within the band of the hysteresis a quorum keeps its state, which a cold start cannot know. */
    private static boolean remembersItsPast(DaemonConfig config) {
        return config.virtualServers().stream()
                .anyMatch(vs -> vs.quorum() + vs.hysteresis()
                        > vs.realServers().stream().mapToLong(rs -> rs.weight()).sum());
    }

    @ParameterizedTest
    @EnumSource
    void aReloadIsRefusedOrEndsAsAColdStart(ConfigFormat format) throws IOException {
        String original = Files.readString(FILES.resolve(format.name().toLowerCase(Locale.ROOT) + ".conf"));
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
            ReloadDryRun dryRun =
                    ReloadDryRun.of(world.state, world.kernel.read().services(), loaded.config(), world.now());
            world.kernel.forget();
            world.send(new Event.Reloaded(loaded.config()));
            List<IpvsCommand> planned = dryRun.plan().commands();
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
