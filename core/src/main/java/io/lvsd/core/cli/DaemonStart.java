package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.conf.model.LogConfig;
import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.Driver;
import io.lvsd.conf.value.LogFormat;
import io.lvsd.conf.value.LogTarget;
import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.ControlServer;
import io.lvsd.core.control.DaemonHandler;
import io.lvsd.core.daemon.Daemon;
import io.lvsd.core.daemon.GuardedException;
import io.lvsd.core.daemon.ProblemLog;
import io.lvsd.core.daemon.TableDriver;
import io.lvsd.core.host.KeepalivedDetector;
import io.lvsd.core.host.LvsdVersion;
import io.lvsd.core.host.NativeLibraryDirectory;
import io.lvsd.core.host.ScriptValidation;
import io.lvsd.core.log.LogSetup;
import io.lvsd.core.plan.DriverCompatibility;
import io.lvsd.core.store.PrivateDirectory;
import io.lvsd.core.store.Store;
import io.lvsd.ipvs.netlink.NetNamespace;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon in the foreground, from its options to its end. Does not use the parser of command lines, whose classes would take a
 * large part of a short start.
 *
 * @param driver overrides that of the configuration
 * @param shadow whether to read the kernel table and never write it
 * @param strict whether to refuse a configuration with errors
 * @param force whether to start although many real servers would be removed, or keepalived runs
 */
record DaemonStart(
        ConfigLoader.Source config,
        Optional<Driver> driver,
        boolean shadow,
        boolean strict,
        boolean force,
        Optional<Path> runDir,
        Optional<Path> stateDir) {
    /** Of {@code lvsd sorry}. */
    static final String SORRY_SOCKET = "sorry.sock";

    private static final Path STATE_DIR = Path.of("/var/lib/lvsd");

    /** Runs it until it has stopped. Returns the exit status. */
    int run() throws IOException, InterruptedException {
        NativeLibraryDirectory.choose();
        RepeatedSource source = new RepeatedSource(config);
        ConfigLoader.Loaded parsed = source.load();
        if (!parsed.loadable()) {
            return refuse(parsed);
        }
        try {
            // A thread starts in the namespace of its parent, so all later threads run in this one.
            parsed.config().namespaces().daemon().ifPresent(NetNamespace::enter);
        } catch (NetlinkException e) {
            System.err.println("lvsd: " + e.getMessage() + "; expected in net_namespace: a name from 'ip netns list'."
                    + " Entering it requires the capability CAP_SYS_ADMIN");
            return ExitStatus.FAILED;
        }
        Driver requested = driver.orElse(parsed.config().lvsd().driver());
        boolean dryRun = shadow || requested == Driver.MEMORY;
        Path socket = socket(dryRun);
        if (ControlClient.isListening(socket)) {
            System.err.println("lvsd: another lvsd listens on " + socket + "; stop it, or use another --run-dir");
            return ExitStatus.FAILED;
        }
        // A dry run changes nothing, so it may run next to any other daemon.
        Optional<Long> other = force || dryRun ? Optional.empty() : KeepalivedDetector.find();
        if (other.isPresent()) {
            System.err.println("lvsd: keepalived checks real servers in this network namespace: process " + other.get()
                    + ". Stop it ('keepalived --vrrp' keeps VRRP), or start with --force");
            return ExitStatus.FAILED;
        }
        try {
            TableDriver table = shadow
                    ? TableDriver.openShadow(parsed.config(), otherProgram())
                    : TableDriver.open(requested, parsed);
            ConfigLoader.Loaded loaded =
                    ScriptValidation.validated(DriverCompatibility.validated(parsed, table.driver()));
            if (!loaded.loadable() || strict && loaded.hasErrors()) {
                return refuse(loaded);
            }
            LogSetup.apply(loaded.config().lvsd().log(), dryRun);
            report(loaded, dryRun);
            if (!prepare(directory(dryRun))) {
                return ExitStatus.FAILED;
            }
            return run(source, loaded, table, store(dryRun));
        } catch (TableDriver.UnusableException | Store.InUseException e) {
            System.err.println("lvsd: " + e.getMessage());
            return ExitStatus.FAILED;
        }
    }

    /** Other commands, which may load this class too, start faster without a logger. */
    private static Logger log() {
        return LoggerFactory.getLogger(DaemonStart.class);
    }

    private Path directory(boolean dryRun) {
        return runDir.orElse(dryRun ? DaemonRequests.DRY_RUN_DIR : DaemonRequests.RUN_DIR);
    }

    private Path socket(boolean dryRun) {
        return directory(dryRun).resolve(DaemonRequests.SOCKET);
    }

    /** Problems are shown with their source line to the user who starts the daemon, and are in the log if that is elsewhere. */
    private static void report(ConfigLoader.Loaded loaded, boolean dryRun) {
        LogConfig log = loaded.config().lvsd().log();
        boolean stderr = dryRun || log.target() == LogTarget.STDERR;
        if (!stderr || log.format() != LogFormat.JSON) {
            loaded.problems().forEach(p -> System.err.println(p.render()));
        }
        if (!stderr || log.format() == LogFormat.JSON) {
            ProblemLog.started(loaded.problems());
        }
    }

    /** Creates the run directory before anything else is changed. Returns false, with a message, if it cannot be used. */
    private static boolean prepare(Path directory) {
        try {
            PrivateDirectory.create(directory);
            Optional<String> _ = PrivateDirectory.giveToGroups(directory, List.of("lvsd", "lvsd-admin"));
            return true;
        } catch (IOException e) {
            System.err.println("lvsd: the run directory cannot be used: " + IoReason.withFile(e)
                    + "; nothing was changed; run as root, or use another directory with --run-dir");
            return false;
        }
    }

    /** A dry run persists no state unless it has a directory. */
    private Store store(boolean dryRun) throws Store.InUseException {
        if (stateDir.isPresent()) {
            return Store.open(stateDir.get());
        }
        return dryRun ? Store.inMemory() : Store.open(STATE_DIR);
    }

    private int refuse(ConfigLoader.Loaded loaded) {
        loaded.problems().forEach(p -> System.err.println(p.render()));
        System.err.println("lvsd: " + config.file() + ", read as "
                + loaded.format().title() + ", cannot be used; nothing was changed");
        return loaded.has(Kind.INCLUDE_CHECK) || loaded.has(Kind.SCRIPT_SECURITY)
                ? ExitStatus.UNSAFE
                : ExitStatus.REFUSED;
    }

    private int run(RepeatedSource source, ConfigLoader.Loaded loaded, TableDriver table, Store store)
            throws IOException, InterruptedException {
        Path sorrySocket = directory(table.isDryRun()).resolve(SORRY_SOCKET);
        try (Daemon daemon = new Daemon(source, loaded.config(), table, store, Optional.of(sorrySocket))) {
            daemon.start(loaded, store, force);
            if (table.isShadow()) {
                log().atWarn()
                        .addKeyValue("other", daemon.driver().shadowOf().orElse(""))
                        .addKeyValue(
                                "effect",
                                "the kernel table is read and never written; no script, FIFO line, mail or webhook is"
                                        + " sent")
                        .log("daemon.shadow");
            } else if (table.driver() == Driver.MEMORY) {
                log().atWarn()
                        .addKeyValue(
                                "effect",
                                "driver memory: probes run; no IPVS command, script, FIFO line, mail or webhook is"
                                        + " sent")
                        .log("daemon.dry_run");
            }
            return serve(daemon, table);
        } catch (GuardedException e) {
            System.err.println(
                    "lvsd: refused to start, nothing was changed: " + e.getMessage() + "to start anyway, use --force");
            return ExitStatus.GUARDED;
        }
    }

    /** The program that maintains the table, for messages. */
    private static String otherProgram() {
        return KeepalivedDetector.find()
                .map(pid -> "keepalived (process " + pid + ")")
                .orElse("another program");
    }

    private int serve(Daemon daemon, TableDriver table) throws IOException, InterruptedException {
        Path pidFile = directory(table.isDryRun()).resolve("lvsd.pid");
        daemon.handleSignals();
        try (ControlServer _ = ControlServer.open(
                socket(table.isDryRun()),
                new DaemonHandler(daemon, daemon.overrides(), daemon.maintenance(), daemon.snmp()))) {
            PrivateDirectory.write(pidFile, ProcessHandle.current().pid() + "\n");
            log().atInfo()
                    .addKeyValue("version", LvsdVersion.text())
                    .addKeyValue("file", config.file())
                    .addKeyValue("driver", table.driver().name().toLowerCase(Locale.ROOT))
                    .addKeyValue("socket", socket(table.isDryRun()))
                    .log("daemon.ready");
            daemon.run();
        } finally {
            Files.deleteIfExists(pidFile);
        }
        log().atInfo().log("daemon.stopped");
        return ExitStatus.DONE;
    }
}
