package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.daemon.Signals;
import io.lvsd.core.host.DescriptorBudget;
import io.lvsd.core.host.LvsdVersion;
import io.lvsd.core.host.NativeLibraryDirectory;
import io.lvsd.core.sorry.SorryFile;
import io.lvsd.core.sorry.SorryProcess;
import io.lvsd.core.store.PrivateDirectory;
import io.lvsd.sorryserver.SorryServer;
import io.lvsd.sorryserver.SorryService;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lvsd sorry}: the sorry server as a process of its own. */
@Command(
        name = "sorry",
        description = {
            "Run the sorry server in the foreground, without the daemon. It logs to stderr.",
            "Without -f it serves what the daemon configures over RUN_DIR/sorry.sock, and continues when the daemon"
                    + " ends. With -f it serves the page of a file on any host, on the addresses of 'listen' in"
                    + " 'lvsd { sorry_page { } }'; SIGHUP reads the file again."
        },
        mixinStandardHelpOptions = true)
final class SorryCommand implements Callable<Integer> {
    private static final String STATE = "sorry.json";

    @Option(names = "-f", paramLabel = "FILE", description = "Configuration file with the page.")
    private @Nullable Path file;

    @Option(names = "--run-dir", paramLabel = "DIR", description = "Directory of the socket (default: /run/lvsd).")
    private Path runDir = DaemonRequests.RUN_DIR;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Directory of sorry.json, what the daemon has configured last (default: /var/lib/lvsd).")
    private Path stateDir = Path.of("/var/lib/lvsd");

    private static Logger log() {
        return LoggerFactory.getLogger(SorryCommand.class);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        NativeLibraryDirectory.choose();
        Path page = file;
        return page == null ? process() : serve(page.toAbsolutePath());
    }

    private static SorryService service() {
        return SorryServer.create(DescriptorBudget.ofThisSorryServer().sorryLimits());
    }

    private int process() throws InterruptedException {
        SorryService service = service();
        SorryProcess process;
        try {
            PrivateDirectory.create(runDir);
            PrivateDirectory.create(stateDir);
            process = SorryProcess.start(service, runDir.resolve(DaemonStart.SORRY_SOCKET), stateDir.resolve(STATE));
        } catch (IOException e) {
            service.close();
            System.err.println("lvsd: the sorry server cannot be started: " + IoReason.withFile(e)
                    + "; run as the user of the directories, or set --run-dir and --state-dir");
            return ExitStatus.FAILED;
        }
        CountDownLatch stopped = stopAtSignal(process::reload);
        log().atInfo()
                .addKeyValue("version", LvsdVersion.text())
                .addKeyValue("socket", runDir.resolve(DaemonStart.SORRY_SOCKET))
                .log("sorry_server.ready");
        stopped.await();
        process.close();
        log().atInfo().log("sorry_server.stopped");
        return ExitStatus.DONE;
    }

    private int serve(Path page) throws InterruptedException {
        SorryFile source = new SorryFile(page);
        List<ListenerSetup> setup;
        try {
            setup = source.load(SorryCommand::report);
        } catch (SorryFile.UnusableException e) {
            System.err.println("lvsd: " + e.getMessage());
            return ExitStatus.REFUSED;
        }
        SorryService service = service();
        Map<InetSocketAddress, String> results = service.apply(setup);
        List<String> failures =
                results.values().stream().filter(f -> !f.isEmpty()).toList();
        if (!failures.isEmpty()) {
            service.close();
            System.err.println("lvsd: " + String.join("; ", failures));
            return ExitStatus.FAILED;
        }
        CountDownLatch stopped = stopAtSignal(() -> source.reload(service));
        log().atInfo()
                .addKeyValue("version", LvsdVersion.text())
                .addKeyValue("file", page)
                .log("sorry_server.ready");
        stopped.await();
        SorryProcess.finish(service);
        log().atInfo().log("sorry_server.stopped");
        return ExitStatus.DONE;
    }

    private static void report(ConfigLoader.Loaded loaded) {
        loaded.problems().stream().map(ConfigProblem::render).forEach(System.err::println);
    }

    private static CountDownLatch stopAtSignal(Runnable reload) {
        CountDownLatch stopped = new CountDownLatch(1);
        Signals.handle("TERM", stopped::countDown);
        Signals.handle("INT", stopped::countDown);
        Signals.handle("HUP", reload);
        return stopped;
    }
}
