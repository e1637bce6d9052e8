package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.lab.it.LvsdProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher {@code lvsd}: what it passes to Java, the cache for a short start, and its errors before Java starts. Most tests
 * run a copy of it with a JDK that prints its arguments, or plays the daemon from which a cache is made.
 */
final class LauncherIT {
    private static final long PATIENCE = 60_000;
    private static final String AOT = "-XX:AOTCache=";

    /** What bash 3.2, the last one of macOS, does not have, and what needs /dev/fd or tools of GNU. */
    private static final Pattern NOT_PORTABLE = Pattern.compile("[<>]\\(|<<<|(declare|local|typeset)"
            + " -[A-Za-z]*[Ang]|mapfile|readarray|\\$\\{\\w+[,^@]|readlink -[a-z]|stat"
            + " -|&>>|\\|&|coproc|globstar|printf -v|%\\(|wait -n|\\[\\[ -v|EPOCH|\\$\\{\\w+: -|\\[-1\\]|/dev/fd");

    @TempDir
    private Path directory;

    private Path home = Path.of("");
    private Path target = Path.of("");

    @BeforeEach
    void install() throws IOException {
        home = directory.resolve("app");
        target = home.resolve("core/target");
        install(home);
        java("printf '%s\\n' \"$@\"");
    }

    private static void install(Path home) throws IOException {
        Path target = home.resolve("core/target");
        Path bin = home.resolve("core/bin");
        Files.createDirectories(target.resolve("lib"));
        Files.createDirectories(bin);
        Files.createFile(target.resolve("lvsd-core-1.jar"));
        Path original = Path.of(LvsdProcess.launcher());
        Files.copy(original, home.resolve("lvsd"));
        for (String file : List.of("java.options", "daemon.options", "client.options", "make-cache")) {
            Files.copy(original.resolveSibling("core/bin").resolve(file), bin.resolve(file));
        }
    }

    private static void script(Path path, String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/bash\n" + text + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Replaces the java of the JDK. */
    private void java(String text) throws IOException {
        script(directory.resolve("jdk/bin/java"), text);
        Files.writeString(directory.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.1\"\n");
    }

    private ProcessBuilder command(Map<String, String> environment, String... words) {
        return command(home.resolve("lvsd"), environment, words);
    }

    private ProcessBuilder command(Path launcher, Map<String, String> environment, String... words) {
        List<String> command = new ArrayList<>(List.of("timeout", "60", launcher.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(k -> k.startsWith("LVSD_"));
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        builder.environment().put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
        builder.environment().putAll(environment);
        return builder;
    }

    /** The arguments of java, or what was printed instead. */
    private List<String> run(Map<String, String> environment, String... words) throws Exception {
        Result result = LvsdProcess.run(command(environment, words));
        assertEquals(0, result.status(), result::text);
        return result.text().lines().toList();
    }

    private Result withMounts(List<String> mounts, String... words) throws Exception {
        return MountNamespace.run(command(Map.of(), words), mounts, directory.resolve("tmp"));
    }

    private static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.currentTimeMillis() + PATIENCE;
        while (!condition.getAsBoolean()) {
            assertTrue(System.currentTimeMillis() < end, "did not happen: " + what);
            Thread.sleep(20);
        }
    }

    // ---- heap

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "31", "abc", "-5", "08", "1048577", "99999999999999999999", "96m", "1 2"})
    void aHeapThatIsNoNumberOfMebibytesIsNamed(String value) throws Exception {
        Result result = LvsdProcess.run(command(Map.of("LVSD_HEAP_MIB", value), "version"));
        assertEquals(1, result.status(), result::text);
        assertEquals("lvsd: invalid LVSD_HEAP_MIB '" + value + "': expected 32 to 1048576\n", result.text());
    }

    @ParameterizedTest
    @CsvSource({"32", "96", "1048576"})
    void aHeapThatIsGivenIsThatOfTheDaemon(int value) throws Exception {
        Map<String, String> heap = Map.of("LVSD_HEAP_MIB", "" + value);
        assertTrue(run(heap, "run", "-f", "/none").contains("-Xmx" + value + "m"));
        assertFalse(run(heap, "status").contains("-Xmx" + value + "m"));
    }

    @Test
    void withoutAGivenHeapTheLimitIsThatOfJava() throws Exception {
        assertTrue(run(Map.of(), "check", "/none").stream().noneMatch(a -> a.startsWith("-Xmx")));
    }

    @Test
    void moreOptionsComeAfterThoseOfTheLauncher() throws Exception {
        List<String> arguments = run(Map.of("LVSD_JAVA_OPTIONS", " -Da=*  -Db=2 "), "run");
        assertTrue(arguments.indexOf("-Da=*") > arguments.indexOf("@" + home + "/core/bin/daemon.options"));
        assertEquals(arguments.indexOf("-Da=*") + 1, arguments.indexOf("-Db=2"));
    }

    // ---- places

    @Test
    void aWorkingDirectoryThatIsGoneIsNamed() throws Exception {
        Path gone = Files.createDirectories(directory.resolve("gone"));
        Result result = LvsdProcess.run(
                new ProcessBuilder("bash", "-c", "rmdir " + gone + " && exec " + home.resolve("lvsd") + " version")
                        .directory(gone.toFile()));
        assertEquals(1, result.status(), result::text);
        assertTrue(
                result.text().endsWith("lvsd: the working directory no longer exists: change to another directory\n"),
                result::text);
    }

    @Test
    void anInstallationPathWithAColonIsNamed() throws Exception {
        Path colon = directory.resolve("a:b");
        install(colon);
        Result result = LvsdProcess.run(command(colon.resolve("lvsd"), Map.of(), "version"));
        assertEquals(1, result.status(), result::text);
        assertTrue(result.text().contains("a:b' contains a colon"), result::text);
    }

    private static final Map<String, String> REAL_JAVA = Map.of("JAVA_HOME", System.getProperty("java.home"));

    /** A copy of the real program, without a cache, in a directory whose name has characters that shells expand. */
    private Path installProgram() throws IOException {
        Path copy = directory.resolve("a 'b\" *");
        install(copy);
        Path archives = copy.resolve("core/target");
        Files.delete(archives.resolve("lvsd-core-1.jar"));
        Path original = Path.of(LvsdProcess.launcher()).resolveSibling("core/target");
        try (Stream<Path> files = Files.list(original);
                Stream<Path> libraries = Files.list(original.resolve("lib"))) {
            for (Path jar : Stream.concat(files, libraries)
                    .filter(f -> f.toString().endsWith(".jar"))
                    .toList()) {
                Files.copy(jar, archives.resolve(original.relativize(jar)));
            }
        }
        return copy.resolve("lvsd");
    }

    @Test
    void aPathWithBlanksAndQuotesWorks() throws Exception {
        Path file = Files.writeString(
                directory.resolve("c d.conf"),
                "virtual_server 127.0.0.1 1 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n"
                        + " real_server 127.0.0.1 2 {\n }\n}\n");
        Result checked = LvsdProcess.run(command(installProgram(), REAL_JAVA, "check", file.toString()));
        assertEquals(0, checked.status(), checked::text);
        assertTrue(checked.text().contains("1 virtual server, 0 errors"), checked::text);
    }

    @Test
    void theLauncherIsFoundThroughSymbolicLinks() throws Exception {
        Files.createSymbolicLink(directory.resolve("first"), Path.of("app/lvsd"));
        Path second = Files.createDirectories(directory.resolve("links")).resolve("second");
        Files.createSymbolicLink(second, Path.of("../first"));
        Result result = LvsdProcess.run(command(second, Map.of(), "status"));
        assertTrue(result.text().contains("@" + home + "/core/bin/client.options"), result::text);
    }

    @Test
    void javaOnThePathIsFoundThroughSymbolicLinks() throws Exception {
        Files.createDirectories(directory.resolve("bin"));
        Files.createSymbolicLink(directory.resolve("bin/java"), Path.of("../jdk/bin/java"));
        assertTrue(run(Map.of("JAVA_HOME", ""), "status").contains("io.lvsd.core.cli.Client"));
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() throws Exception {
        Files.delete(directory.resolve("jdk/release"));
        script(directory.resolve("bin/java"), "exit 1");
        Result result = withMounts(List.of("test ! -d /usr/lib/jvm || mount -t tmpfs none /usr/lib/jvm"), "version");
        assertEquals(1, result.status(), result::text);
        assertTrue(result.text().contains("lvsd: needs a JDK 25: set JAVA_HOME to one"), result::text);
    }

    // ---- portability

    @ParameterizedTest
    @ValueSource(strings = {"lvsd", "core/bin/make-cache"})
    void theScriptsUseNothingThatMacOsDoesNotHave(String file) throws Exception {
        List<String> lines = Files.readAllLines(Path.of(LvsdProcess.launcher()).resolveSibling(file));
        assertEquals(
                List.of(),
                lines.stream()
                        .filter(l ->
                                !l.startsWith("#") && NOT_PORTABLE.matcher(l).find())
                        .toList());
        assertTrue(lines.size() <= 90, "the launcher stays short");
    }

    @Test
    void itRunsWithoutDevFd() throws Exception {
        Path kept = Files.createFile(directory.resolve("null"));
        Result result = withMounts(
                List.of(
                        "mount --bind /dev/null " + kept,
                        "mount -t tmpfs none /dev",
                        "touch /dev/null",
                        "mount --bind " + kept + " /dev/null",
                        "test ! -e /dev/fd"),
                "run");
        assertEquals(0, result.status(), result::text);
        assertTrue(result.text().contains("io.lvsd.core.cli.RunMain\nrun\n"), result::text);
    }

    // ---- the cache for a short start

    /** A java that makes an empty cache: as a daemon when it is stopped, as a client command at once. */
    private static final String TRAINING = """
        for a in "$@"; do
          [[ $a != -XX:AOTCacheOutput=* ]] || file=${a#*=}
        done
        [[ " $* " == *" run "* ]] || { echo client >"$file"; exit 0; }
        trap 'echo daemon >"$file"; exit 0' TERM
        echo event=rs.down
        while :; do sleep 0.05; done\
        """;

    private Path cacheFor() {
        return target.resolve("lvsd.aot.for");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private void makeCache() throws Exception {
        java(TRAINING);
        assertEquals(List.of(), run(Map.of(), "--make-cache"));
        java("printf '%s\\n' \"$@\"");
    }

    @Test
    void aCacheIsMadeAndUsed() throws Exception {
        makeCache();
        assertEquals(List.of("lib", "lvsd-client.aot", "lvsd-core-1.jar", "lvsd.aot", "lvsd.aot.for"), files());
        assertTrue(run(Map.of(), "run").contains(AOT + target + "/lvsd.aot"));
        assertTrue(run(Map.of(), "check").contains(AOT + target + "/lvsd.aot"));
        assertTrue(run(Map.of(), "status").contains(AOT + target + "/lvsd-client.aot"));
        assertFalse(run(Map.of("LVSD_AOT_CACHE", "off"), "status").contains(AOT + target + "/lvsd-client.aot"));
    }

    @Test
    void aFailedCacheIsReportedAndTriedAgain() throws Exception {
        java("echo 'no memory'; exit 1");
        Result failed = LvsdProcess.run(command(Map.of(), "--make-cache"));
        assertEquals(1, failed.status(), failed::text);
        assertTrue(
                failed.text().startsWith("lvsd: the cache for a short start was not made: the daemon ended"),
                failed::text);
        assertTrue(failed.text().contains("no memory"), failed::text);
        assertEquals(List.of("lib", "lvsd-core-1.jar"), files());
        makeCache();
        assertTrue(Files.exists(cacheFor()));
    }

    /** A cache that cannot be made leaves the former one, which is still valid for its own key. */
    @Test
    void aFailureKeepsTheFormerCache() throws Exception {
        makeCache();
        String key = Files.readString(cacheFor());
        Files.createFile(target.resolve("lib/new.jar"));
        java("exit 1");
        assertEquals(1, LvsdProcess.run(command(Map.of(), "--make-cache")).status());
        assertEquals(key, Files.readString(cacheFor()));
        assertTrue(files().contains("lvsd.aot"));
    }

    @Test
    void aCurrentCacheIsNotMadeAgain() throws Exception {
        makeCache();
        FileTime made = Files.getLastModifiedTime(cacheFor());
        java("exit 1");
        assertEquals(List.of(), run(Map.of(), "--make-cache"));
        assertEquals(made, Files.getLastModifiedTime(cacheFor()));
    }

    private boolean usesCache() throws Exception {
        return run(Map.of(), "check").stream().anyMatch(a -> a.startsWith(AOT));
    }

    @Test
    void aCacheOfAnotherProcessorIsNotUsed() throws Exception {
        makeCache();
        assertTrue(usesCache());
        String key = Files.readString(cacheFor());
        Files.writeString(cacheFor(), "flags\t: another\n" + key.substring(key.indexOf('\n') + 1));
        assertFalse(usesCache());
    }

    @Test
    void aCacheOfAnotherJdkIsNotUsed() throws Exception {
        makeCache();
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25.0.2\"\n");
        assertFalse(usesCache());
    }

    /** Java itself accepts a cache that was made from another version of an archive, and runs the former classes. */
    @Test
    void aCacheThatIsOlderThanAnArchiveIsNotUsed() throws Exception {
        makeCache();
        Files.setLastModifiedTime(
                target.resolve("lvsd-core-1.jar"), FileTime.from(Instant.now().plusSeconds(60)));
        assertFalse(usesCache());
    }

    @Test
    void aCacheOfOtherArchivesIsNotUsed() throws Exception {
        makeCache();
        Path added = Files.createFile(target.resolve("lib/added.jar"));
        Files.setLastModifiedTime(added, FileTime.from(Instant.EPOCH));
        assertFalse(usesCache());
    }

    /** The daemon starts, and ends, while the cache is being made. */
    @Test
    void aStartMakesTheCacheForTheNextOneAndDoesNotWait() throws Exception {
        Path record = directory.resolve("record");
        Path gate = directory.resolve("gate");
        script(
                home.resolve("core/bin/make-cache"),
                "echo \"$1\" >" + record + "; until [[ -e " + gate + " ]]; do sleep 0.05; done; echo end >>" + record);
        assertFalse(run(Map.of(), "run").stream().anyMatch(a -> a.startsWith(AOT)));
        until("a cache is made", () -> contains(record, "JAVA_VERSION"));
        assertFalse(contains(record, "end"));
        Files.createFile(gate);
        until("it is made", () -> contains(record, "end"));
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void otherCommandsMakeNoCache() throws Exception {
        Path record = directory.resolve("record");
        script(home.resolve("core/bin/make-cache"), "echo made >>" + record);
        run(Map.of(), "check");
        run(Map.of(), "status");
        run(Map.of("LVSD_AOT_CACHE", "off"), "run");
        run(Map.of(), "run");
        until("a cache is made", () -> contains(record, "made"));
        assertEquals("made\n", Files.readString(record), "only the last one makes it");
    }

    @Test
    void anInstallationThatCannotBeWrittenRunsWithoutACacheOrWithItsOwn() throws Exception {
        Path record = directory.resolve("record");
        Files.writeString(home.resolve("core/bin/make-cache"), "#!/bin/bash\necho made >" + record + "\n");
        List<String> readOnly = List.of("mount --bind " + home + " " + home, "mount -o remount,bind,ro " + home);
        Result without = withMounts(readOnly, "run");
        assertEquals(0, without.status(), without::text);
        assertFalse(without.text().contains(AOT), without::text);
        assertFalse(Files.exists(record));
        Files.copy(
                Path.of(LvsdProcess.launcher()).resolveSibling("core/bin/make-cache"),
                home.resolve("core/bin/make-cache"),
                StandardCopyOption.REPLACE_EXISTING);
        makeCache();
        Result with = withMounts(readOnly, "run");
        assertTrue(with.text().contains(AOT), with::text);
    }

    /** Java ignores a file that is no cache, without a message: the exit status and the output are as usual. */
    @Test
    void aBrokenCacheIsSilent() throws Exception {
        Path launcher = installProgram();
        assertEquals(
                "",
                LvsdProcess.run(command(launcher, REAL_JAVA, "--make-cache")).text());
        Path cache = launcher.resolveSibling("core/target/lvsd-client.aot");
        Map<String, String> log =
                Map.of("JAVA_HOME", System.getProperty("java.home"), "LVSD_JAVA_OPTIONS", "-Xlog:class+load:stdout");
        Result used = LvsdProcess.run(command(launcher, log, "version"));
        assertTrue(
                used.text().lines().anyMatch(l -> l.contains("io.lvsd.core.cli.Client source: shared objects file")),
                used::text);
        Files.write(cache, new byte[4096], StandardOpenOption.TRUNCATE_EXISTING);
        Result broken = LvsdProcess.run(command(launcher, REAL_JAVA, "version"));
        assertEquals(0, broken.status(), broken::text);
        assertEquals(1, broken.text().lines().count(), broken::text);
        assertTrue(broken.text().startsWith("lvsd "), broken::text);
    }
}
