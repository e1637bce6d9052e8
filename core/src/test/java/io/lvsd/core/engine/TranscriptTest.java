package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.view.TableFormat;
import io.lvsd.ipvs.FakeIpvs;
import io.lvsd.ipvs.IpvsCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scenarios of the engine as text files: what happens, and what the engine does. A line that begins with {@code >} is an
 * input, the configurations between {@code <<<} and {@code >>>} belong to {@code start} and {@code reload}, and the indented
 * lines below an input are the effects that it had. {@code -Dtranscripts=write} rewrites the effects; review the
 * difference like code.
 */
final class TranscriptTest {
    private static final Path DIRECTORY = Path.of("src/test/transcripts");

    static List<Path> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(p -> p.toString().endsWith(".txt")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void theEngineDoesWhatTheTranscriptSays(Path file) throws IOException {
        String expected = Files.readString(file);
        String actual = replay(expected);
        if ("write".equals(System.getProperty("transcripts"))) {
            Files.writeString(file, actual);
        }
        assertEquals(expected, actual, file::toString);
    }

    /** The transcript with the effects that the engine has now. */
    private static String replay(String transcript) {
        StringBuilder out = new StringBuilder();
        World world = new World(new FakeIpvs());
        world.observer = effect ->
                describe(effect).forEach(line -> out.append("    ").append(line).append('\n'));
        List<String> lines = transcript.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("    ")) {
                continue;
            }
            out.append(line).append('\n');
            if (line.startsWith("> ")) {
                int end = i + 1;
                StringBuilder config = new StringBuilder();
                if (end < lines.size() && lines.get(end).equals("<<<")) {
                    end = lines.subList(i, lines.size()).indexOf(">>>") + i;
                    lines.subList(i + 2, end).forEach(l -> config.append(l).append('\n'));
                    lines.subList(i + 1, end + 1).forEach(l -> out.append(l).append('\n'));
                    i = end;
                }
                input(world, line.substring(2).split(" "), config.toString());
            }
        }
        return out.toString();
    }

    private static void input(World world, String[] words, String config) {
        switch (words[0]) {
            case "start" -> world.start(config);
            case "reload" -> world.reload(config);
            case "pass" -> world.passes(words[1]);
            case "fail" -> fail(world, words[1], Reason.valueOf(words[2].toUpperCase(Locale.ROOT)));
            case "agent" ->
                world.agent(words[1], String.join(" ", List.of(words).subList(2, words.length)));
            case "inconclusive" ->
                world.checks(words[1]).forEach(c -> world.report(c, new ProbeResult.Inconclusive(words[2])));
            case "time" -> world.pass(Duration.ofSeconds(Long.parseLong(words[1].replace("s", ""))));
            case "drain" -> world.operator(words[1], o -> o.drained(Optional.empty()));
            case "enable" -> world.operator(words[1], RsOverride::enabled);
            case "weight" -> world.operator(words[1], o -> o.withWeight(Optional.of(Long.parseLong(words[2]))));
            case "foreign-delete" -> foreignDelete(world, words[1]);
            case "kernel-fails" -> world.send(new Event.KernelFailed(words[1].replace('_', ' ')));
            case "stop" -> world.send(new Event.StopRequested());
            default -> throw new IllegalArgumentException("unknown input: " + words[0]);
        }
    }

    /** One probe of each check of a real server fails. */
    private static void fail(World world, String rs, Reason reason) {
        world.checks(rs).forEach(c -> world.report(c, new ProbeResult.Failed(reason, "")));
    }

    /** Another program deletes a destination from every service. */
    private static void foreignDelete(World world, String rs) {
        world.kernel
                .read()
                .services()
                .forEach((key, service) -> service.destinations().keySet().stream()
                        .filter(d -> d.toString().equals(rs))
                        .forEach(d -> world.kernel.apply(List.of(new IpvsCommand.DelDest(key, d)))));
    }

    /** What operators and clients notice; row numbers, schedules and readings are left out. */
    private static List<String> describe(Effect effect) {
        return switch (effect) {
            case Effect.Apply(var plan) ->
                plan.commands().stream()
                        .map(c -> "ipvs " + TableFormat.command(c))
                        .toList();
            case Effect.Publish(var event) -> List.of("log " + event.level() + " " + event);
            case Effect.Deliver(var notification) -> List.of("notify " + notification);
            case Effect.SaveResult(var check, boolean up, var reason, long _) ->
                List.of("store result " + check.rs() + " " + check.kind() + (up ? " up" : " down " + reason));
            case Effect.SaveQuorum(var server, boolean up, long _) ->
                List.of("store quorum " + server + (up ? " up" : " down"));
            case Effect.ForgetQuorum(var server) -> List.of("forget quorum " + server);
            case Effect.SaveOverride(var server, var override) ->
                List.of("store override " + server + " "
                        + override.mode().name().toLowerCase(Locale.ROOT)
                        + override.weight().map(w -> " weight " + w).orElse(""));
            case Effect.SaveMaintenance(var server, var entry) ->
                List.of("store maintenance " + server + " "
                        + entry.map(e -> e.state().name().toLowerCase(Locale.ROOT))
                                .orElse("none"));
            case Effect.Own(var services) ->
                services.stream().map(s -> "own " + s).sorted().toList();
            case Effect.Disown(var services) ->
                services.stream().map(s -> "disown " + s).sorted().toList();
            case Effect.ForgetCheck(var check) -> List.of("forget " + check.rs() + " " + check.kind());
            case Effect.SuspendCheck(var check) -> List.of("suspend " + check.rs() + " " + check.kind());
            case Effect.Hurry(var check) -> List.of("probe now " + check.rs() + " " + check.kind());
            case Effect.Exit() -> List.of("exit");
            case Effect.ReadTable _,
                    Effect.FirstProbe _,
                    Effect.NextProbe _,
                    Effect.Watch _,
                    Effect.SaveKernel _,
                    Effect.PrepareSorry _,
                    Effect.UseSorry _,
                    Effect.SaveRows _,
                    Effect.SaveUse _ -> List.of();
        };
    }
}
