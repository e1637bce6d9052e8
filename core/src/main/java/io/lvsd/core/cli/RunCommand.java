package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.ControlServer;
import io.lvsd.core.control.DaemonHandler;
import io.lvsd.core.daemon.Daemon;
import io.lvsd.core.daemon.GuardedException;
import io.lvsd.core.daemon.TableDriver;
import io.lvsd.core.host.KeepalivedDetector;
import io.lvsd.core.host.ScriptValidation;
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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lvsd run}: the daemon, in the foreground. */
@Command(
        name = "run",
        description = "Runs the daemon in the foreground, logging to stderr.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("lvsd");
    private static final Path STATE_DIR = Path.of("/var/lib/lvsd");

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Mixin
    private RunDirOption runDir = new RunDirOption();

    @Option(
            names = "--driver",
            paramLabel = "DRIVER",
            description = "kernel, embedded, memory (a dry run) or auto; overrides the configuration.")
    private @Nullable Driver driver;

    @Option(names = "--strict", description = "Refuse to start with an error in the configuration.")
    private boolean strict;

    @Option(
            names = "--force",
            description =
                    "Start even if that takes out more real servers than reload_guard allows, or beside keepalived's"
                            + " checkers.")
    private boolean force;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Directory of the state store (default: /var/lib/lvsd; for a dry run, none).")
    private @Nullable Path stateDir;

    @Override
    public Integer call() throws Exception {
        config.requireFile();
        RepeatedSource source = new RepeatedSource(config.source());
        ConfigLoader.Loaded read = source.load();
        if (!read.loadable()) {
            return refuse(read);
        }
        try {
            // Threads are born where their parent is: everything that follows runs there.
            read.config().namespaces().daemon().ifPresent(NetNamespace::enter);
        } catch (NetlinkException e) {
            System.err.println(
                    "lvsd: " + e.getMessage() + "; net_namespace names one of 'ip netns list', and entering it"
                            + " needs the capability CAP_SYS_ADMIN");
            return ExitStatus.FAILED;
        }
        Driver wanted = driver != null ? driver : read.config().lvsd().driver();
        Path socket = runDir.socket(wanted);
        if (ControlClient.answers(socket)) {
            System.err.println("lvsd: another lvsd answers on " + socket + "; stop it, or name another --run-dir");
            return ExitStatus.FAILED;
        }
        // A dry run changes nothing, so it may run beside any other daemon.
        Optional<Long> other = force || wanted == Driver.MEMORY ? Optional.empty() : KeepalivedDetector.find();
        if (other.isPresent()) {
            System.err.println("lvsd: keepalived checks real servers in this network namespace: process " + other.get()
                    + ". Stop it, keep VRRP with 'keepalived --vrrp', or say --force");
            return ExitStatus.FAILED;
        }
        try {
            TableDriver table = TableDriver.open(wanted, read.config());
            ConfigLoader.Loaded loaded = ScriptValidation.judged(DriverCompatibility.judged(read, table.driver()));
            if (!loaded.loadable() || strict && loaded.hasErrors()) {
                return refuse(loaded);
            }
            loaded.problems().forEach(p -> System.err.println(p.render()));
            if (!prepare(runDir.directory(table.driver()))) {
                return ExitStatus.FAILED;
            }
            return run(source, loaded, table, store(table.driver()));
        } catch (TableDriver.UnusableException | Store.InUseException e) {
            System.err.println("lvsd: " + e.getMessage());
            return ExitStatus.FAILED;
        }
    }

    /** Before anything is changed: creates the run directory. Returns false, with a message, if it cannot be used. */
    private static boolean prepare(Path directory) {
        try {
            PrivateDirectory.create(directory);
            Optional<String> _ = PrivateDirectory.giveToGroups(directory, List.of("lvsd", "lvsd-admin"));
            return true;
        } catch (IOException e) {
            System.err.println("lvsd: the run directory cannot be used: " + IoReason.withFile(e)
                    + "; nothing was changed; run as root, or name another one with --run-dir");
            return false;
        }
    }

    /** A dry run remembers nothing, unless it is given a directory. */
    private Store store(Driver used) throws Store.InUseException {
        if (stateDir != null) {
            return Store.open(stateDir);
        }
        return used == Driver.MEMORY ? Store.inMemory() : Store.open(STATE_DIR);
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
        try (Daemon daemon = new Daemon(source, loaded.config().lvsd().sorryPage(), table, store)) {
            daemon.start(loaded, store, force);
            if (table.driver() == Driver.MEMORY) {
                LOG.warn("event=daemon.dry_run text=\"driver memory: probes run; nothing is sent to the kernel, to"
                        + " scripts, FIFOs, mail or webhooks\"");
            }
            return serve(daemon, table.driver());
        } catch (GuardedException e) {
            System.err.println("lvsd: refused to start, nothing was changed: " + e.getMessage()
                    + "if that is meant, start with --force");
            return ExitStatus.GUARDED;
        }
    }

    private int serve(Daemon daemon, Driver chosen) throws IOException, InterruptedException {
        Path pidFile = runDir.directory(chosen).resolve("lvsd.pid");
        daemon.handleSignals();
        try (ControlServer _ = ControlServer.open(runDir.socket(chosen), new DaemonHandler(daemon))) {
            PrivateDirectory.write(pidFile, ProcessHandle.current().pid() + "\n");
            LOG.info(
                    "event=daemon.ready file={} driver={} socket={}",
                    config.file(),
                    chosen.name().toLowerCase(Locale.ROOT),
                    runDir.socket(chosen));
            daemon.run();
        } finally {
            Files.deleteIfExists(pidFile);
        }
        LOG.info("event=daemon.stopped");
        return ExitStatus.DONE;
    }
}
