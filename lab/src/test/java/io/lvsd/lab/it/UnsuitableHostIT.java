package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.lab.it.LvsdProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts without a place for Netty's native library, and other systems than Linux: what works there, and what lvsd reports. */
final class UnsuitableHostIT {
    @TempDir
    private Path directory;

    private static ProcessBuilder command(String... words) {
        List<String> command = new ArrayList<>(List.of("timeout", "60", LvsdProcess.launcher()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(k -> k.startsWith("LVSD_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    /** A request to a closed port, for which the native library is loaded. */
    private Result request(List<String> mounts) throws Exception {
        return MountNamespace.run(command("genhash", "-s", "127.0.0.1", "-p", "1"), mounts, directory.resolve("tmp"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"noexec", "size=64k", "ro"})
    void aTemporaryDirectoryThatIsFullOrCannotBeExecutedFromIsNotUsed(String options) throws Exception {
        Result result = request(List.of("mount -t tmpfs -o " + options + " none " + directory.resolve("tmp")));
        assertTrue(result.text().startsWith("lvsd: no digest: "), result::text);
    }

    @Test
    void withoutAnyDirectoryForTheNativeLibraryItSaysSo() throws Exception {
        List<String> mounts = new ArrayList<>();
        Path program = Path.of(LvsdProcess.launcher()).resolveSibling("core/target");
        for (Path place : List.of(directory.resolve("tmp"), Path.of("/var/tmp"), program)) {
            mounts.add(MountNamespace.noexec(place));
        }
        mounts.add("test ! -d /run/lvsd || { " + MountNamespace.noexec(Path.of("/run/lvsd")) + "; }");
        Result result = request(mounts);
        assertEquals(1, result.status(), result::text);
        assertTrue(result.text().startsWith("lvsd: no directory for Netty's native library"), result::text);
        assertTrue(result.text().contains("set TMPDIR to another one"), result::text);
    }

    /** Runs a command in a JVM that reports another operating system, and without the native library. */
    private static Result onAnotherSystem(String... words) throws Exception {
        ProcessBuilder command = command(words);
        command.environment().put("LVSD_AOT_CACHE", "off");
        command.environment().put("LVSD_JAVA_OPTIONS", "-Dos.name=Darwin -Dio.netty.transport.noNative=true");
        return LvsdProcess.run(command);
    }

    @Test
    void whatRequiresLinuxSaysSoOnAnotherSystem() throws Exception {
        String file = Files.writeString(directory.resolve("lvsd.conf"), """
            virtual_server 192.0.2.1 80 {
              protocol TCP
              lvs_sched rr
              lvs_method NAT
              real_server 192.0.2.2 80 {
                TCP_CHECK { }
              }
            }
            """).toString();
        for (List<String> words : List.of(
                List.of("run", "-f", file, "--driver", "memory"),
                List.of("demo"),
                List.of("genhash", "-s", "127.0.0.1", "-p", "1"))) {
            Result refused = onAnotherSystem(words.toArray(String[]::new));
            assertEquals(1, refused.status(), refused::text);
            assertTrue(refused.text().contains("requires Linux, and this is Darwin"), refused::text);
            assertEquals(1, refused.text().lines().count(), refused::text);
        }
        Result checked = onAnotherSystem("check", "-f", file);
        assertTrue(checked.text().contains("1 virtual server, 0 errors"), checked::text);
        Result converted = onAnotherSystem("convert", "--to", "hocon", file);
        assertTrue(converted.text().contains("virtual_server"), converted::text);
    }
}
