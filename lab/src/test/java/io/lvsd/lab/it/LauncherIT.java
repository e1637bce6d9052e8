package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.lab.it.LvsdProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher {@code lvsd}: what it passes to Java, and its errors before Java starts. A copy of it runs with a JDK that
 * prints its arguments, and with a PATH on which each program notes that it was started.
 */
final class LauncherIT {
    private static final List<String> PROGRAMS = List.of("grep", "stat", "readlink", "rm", "mktemp");

    @TempDir
    private Path directory;

    private Path conf = Path.of("");

    @BeforeEach
    void install() throws IOException {
        install(directory.resolve("app"));
        script(directory.resolve("jdk/bin/java"), "printf '%s\\n' \"$@\"");
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        for (String program : PROGRAMS) {
            script(
                    directory.resolve("bin").resolve(program),
                    "echo " + program + " >>" + directory.resolve("started") + "\nPATH=/usr/bin:/bin exec " + program
                            + " \"$@\"");
        }
        conf = Files.createDirectories(directory.resolve("conf"));
    }

    private static void install(Path home) throws IOException {
        Path target = home.resolve("core/target");
        Files.createDirectories(target.resolve("lib"));
        Files.createFile(target.resolve("lvsd-core-1.jar"));
        // No cache is made for a JDK that is none.
        Files.writeString(target.resolve("lvsd.aot.for"), "another processor\n");
        Files.copy(Path.of(LvsdProcess.launcher()), home.resolve("lvsd"));
    }

    private void script(Path path, String text) throws IOException {
        Files.createDirectories(directory.resolve("jdk/bin"));
        Files.createDirectories(directory.resolve("bin"));
        Files.writeString(path, "#!/bin/bash\n" + text + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private ProcessBuilder command(Map<String, String> environment, String... words) {
        List<String> command = new ArrayList<>(
                List.of("timeout", "60", directory.resolve("app/lvsd").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("LVSD_HEAP_MIB");
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
        builder.environment().putAll(environment);
        return builder;
    }

    private static int heap(Result result) {
        assertEquals(0, result.status(), result::text);
        return result.text()
                .lines()
                .filter(l -> l.matches("-Xmx\\d+m"))
                .mapToInt(l -> Integer.parseInt(l.substring(4, l.length() - 1)))
                .findFirst()
                .orElseThrow();
    }

    private long started() throws IOException {
        Path log = directory.resolve("started");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(conf.resolve(name), text);
    }

    @Test
    void sixHundredIncludedFilesTakeAFewProcesses() throws Exception {
        Path file = write("lvsd.conf", "include conf.d/*.conf\n");
        Files.createDirectories(conf.resolve("conf.d"));
        for (int i = 0; i < 600; i++) {
            write("conf.d/" + i + ".conf", "# " + "x".repeat(2 * 1024 * 1024 / 600) + "\n");
        }
        int alone = heap(
                LvsdProcess.run(command(Map.of(), "check", write("one.conf", "").toString())));
        long before = started();
        int all = heap(LvsdProcess.run(command(Map.of(), "check", file.toString())));
        assertTrue(all > alone + 100, "the included files count: " + all);
        assertTrue(started() - before < 12, () -> "one process for many files, not for each: " + all);
    }

    /** Each file counts once. */
    @Test
    void filesThatIncludeEachOtherEnd() throws Exception {
        String text = "include *.conf\n# " + "x".repeat(1 << 20) + "\n";
        for (int i = 0; i < 5; i++) {
            write(i + ".conf", text);
        }
        assertEquals(
                96 + 5 * 64, heap(LvsdProcess.run(command(Map.of(), "run", "-f", conf + "/0.conf", "--driver", "x"))));
        write("self.conf", "include " + conf + "/self.conf\n");
        assertEquals(96, heap(LvsdProcess.run(command(Map.of(), "check", "-f", conf + "/self.conf"))));
    }

    @Test
    void aFileThatIsNoFileIsNotRead() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", conf + "/fifo").start().waitFor());
        assertEquals(96, heap(LvsdProcess.run(command(Map.of(), "check", "-f", conf + "/fifo"))));
        assertEquals(96, heap(LvsdProcess.run(command(Map.of(), "check", "-f", "/dev/zero"))));
        assertEquals(96, heap(LvsdProcess.run(command(Map.of(), "check", "-f", conf + "/none"))));
    }

    /** Java itself accepts a cache that was made from another version of an archive, and runs the former classes. */
    @Test
    void aCacheThatIsOlderThanAnArchiveIsNotUsed() throws Exception {
        Path target = directory.resolve("app/core/target");
        Path cache = target.resolve("lvsd-client.aot");
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            String processor = lines.filter(l -> l.startsWith("flags") || l.startsWith("Features"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(target.resolve("lvsd.aot.for"), processor + "\n");
        }
        Files.createFile(cache);
        String option = "-XX:AOTCache=" + cache;
        Map<String, String> off = Map.of("LVSD_AOT_CACHE", "off");
        assertTrue(LvsdProcess.run(command(off, "version")).text().contains(option));
        Files.setLastModifiedTime(
                target.resolve("lvsd-core-1.jar"), FileTime.from(Instant.now().plusSeconds(60)));
        assertFalse(LvsdProcess.run(command(off, "version")).text().contains(option));
        assertFalse(Files.exists(cache));
    }

    @Test
    void sequencesOfConfigurationNeedMoreHeapThanTheFileShows() throws Exception {
        Path file = write("seq.conf", "$L=~SEQ(N,1,9) real_server 10.0.0.${N} 80 { }\n");
        assertEquals(1024, heap(LvsdProcess.run(command(Map.of(), "run", "-f", file.toString()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "31", "abc", "-5", "08", "1048577", "99999999999999999999", "96m", "1 2"})
    void aHeapThatIsNoNumberOfMebibytesIsNamed(String value) throws Exception {
        Result result = LvsdProcess.run(command(Map.of("LVSD_HEAP_MIB", value), "version"));
        assertEquals(1, result.status(), result::text);
        assertEquals("lvsd: invalid LVSD_HEAP_MIB '" + value + "': expected 32 to 1048576\n", result.text());
    }

    @ParameterizedTest
    @CsvSource({"32", "96", "1048576"})
    void aHeapThatIsGivenIsUsed(int value) throws Exception {
        assertEquals(value, heap(LvsdProcess.run(command(Map.of("LVSD_HEAP_MIB", "" + value), "run", "-f", "/none"))));
    }

    @Test
    void aWorkingDirectoryThatIsGoneIsNamed() throws Exception {
        Path gone = Files.createDirectories(directory.resolve("gone"));
        Result result = LvsdProcess.run(new ProcessBuilder(
                        "bash", "-c", "rmdir " + gone + " && exec " + directory.resolve("app/lvsd") + " version")
                .directory(gone.toFile()));
        assertEquals(1, result.status(), result::text);
        assertTrue(
                result.text().endsWith("lvsd: the working directory no longer exists: change to another directory\n"),
                result::text);
    }

    @Test
    void anInstallationPathWithAColonIsNamed() throws Exception {
        Path home = directory.resolve("a:b");
        install(home);
        Result result = LvsdProcess.run(new ProcessBuilder(home.resolve("lvsd").toString(), "version"));
        assertEquals(1, result.status(), result::text);
        assertTrue(result.text().contains("a:b' contains a colon"), result::text);
    }

    @Test
    void aPathWithBlanksAndQuotesWorks() throws Exception {
        install(directory.resolve("a 'b\" *"));
        ProcessBuilder command =
                command(Map.of(), "check", "-f", write("a b.conf", "# x").toString());
        command.command().set(2, directory.resolve("a 'b\" */lvsd").toString());
        Result result = LvsdProcess.run(command);
        assertEquals(96, heap(result));
        assertTrue(result.text().lines().anyMatch(l -> l.endsWith("/a b.conf")), result::text);
    }

    /** Runs the launcher in a mount namespace of its own, after these commands. Its TMPDIR is the directory "tmp". */
    private Result withMounts(List<String> mounts, String... words) throws Exception {
        boolean able = new ProcessBuilder("unshare", "-rm", "true").start().waitFor() == 0;
        assertTrue(able || !"required".equals(System.getProperty("lab")), "no mount namespace can be made here");
        Assumptions.assumeTrue(able, "no mount namespace can be made here");
        Path tmp = Files.createDirectories(directory.resolve("tmp"));
        ProcessBuilder command = command(Map.of("TMPDIR", tmp.toString()), words);
        List<String> all = new ArrayList<>(List.of("unshare", "-rm", "bash", "-ec"));
        all.addAll(List.of(String.join("\n", mounts) + "\nexec \"$@\"", "bash"));
        all.addAll(command.command());
        command.command(all);
        return LvsdProcess.run(command);
    }

    private static String noexec(Path place) {
        return "mount --bind " + place + " " + place + "; mount -o remount,bind,noexec " + place;
    }

    @ParameterizedTest
    @ValueSource(strings = {"noexec", "size=64k", "ro"})
    void aTemporaryDirectoryThatIsFullOrCannotBeExecutedFromIsNotUsed(String options) throws Exception {
        Path tmp = directory.resolve("tmp");
        Result result =
                withMounts(List.of("mount -t tmpfs -o " + options + " none " + tmp), "run", "-f", "/no/such/file");
        assertEquals(0, result.status(), result::text);
        String workdir = result.text()
                .lines()
                .filter(l -> l.startsWith("-Dio.netty.native.workdir="))
                .findFirst()
                .orElseThrow();
        assertTrue(!workdir.endsWith("=" + tmp), workdir);
    }

    @Test
    void withoutAnyDirectoryForTheNativeLibraryItSaysSo() throws Exception {
        List<String> mounts = new ArrayList<>();
        for (Path place :
                List.of(directory.resolve("tmp"), Path.of("/var/tmp"), directory.resolve("app/core/target"))) {
            mounts.add(noexec(place));
        }
        mounts.add("test ! -d /run/lvsd || { " + noexec(Path.of("/run/lvsd")) + "; }");
        Result result = withMounts(mounts, "run", "-f", "/no/such/file");
        assertEquals(1, result.status(), result::text);
        assertTrue(result.text().contains("no directory for Netty's native library"), result::text);
        assertTrue(result.text().contains("set TMPDIR to another one"), result::text);
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() throws Exception {
        Files.delete(directory.resolve("jdk/release"));
        script(directory.resolve("bin/java"), "exit 1");
        Result result = withMounts(List.of("test ! -d /usr/lib/jvm || mount -t tmpfs none /usr/lib/jvm"), "version");
        assertEquals(1, result.status(), result::text);
        assertTrue(result.text().contains("lvsd: needs a JDK 25: set JAVA_HOME to one"), result::text);
    }
}
