package io.lvsd.core.cli;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lvsd drain}: says how many connections are left until there are none. */
@Command(
        name = "drain",
        description = {
            "Gives a real server no new connections, waits until it has none, and takes it out until it is enabled"
                    + " again. The waiting goes on in the daemon if this command is interrupted.",
            "Exit status 0: it has left without connections; 8: --timeout passed, and it has left with those that it"
                    + " had."
        },
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 500;
    private static final long MAX_SECONDS = 86_400;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ServerArguments server = new ServerArguments();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up on the remaining connections after this time (default: wait until none remain). Each"
                    + " request to the daemon has its own deadline of 5 s.")
    private Optional<Long> timeout = Optional.empty();

    @Option(names = "--no-wait", description = "Return at once; status shows the progress.")
    private boolean noWait;

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() throws InterruptedException {
        if (timeout.isPresent() && (timeout.get() < 0 || timeout.get() > MAX_SECONDS)) {
            throw new ParameterException(spec.commandLine(), "--timeout takes 0 to " + MAX_SECONDS + " seconds");
        }
        int status = DaemonRequests.send(
                server.daemon().socket(),
                server.request("drain", timeout.map(String::valueOf).orElse("")),
                ControlClient.TIMEOUT);
        if (status != ExitStatus.DONE || noWait) {
            return status;
        }
        long start = System.nanoTime();
        String left = "";
        while (true) {
            Optional<Reply> reply = DaemonRequests.answer(
                    server.daemon().socket(), server.request("drained", ""), ControlClient.TIMEOUT);
            if (reply.isEmpty()) {
                return ExitStatus.FAILED;
            }
            String said = reply.get().body().strip();
            if (reply.get().status() != ExitStatus.DONE) {
                System.err.println("lvsd: " + said);
                return ExitStatus.FAILED;
            }
            if (said.equals("drained")) {
                boolean late = timeout.isPresent()
                        && System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(timeout.get())
                        && !left.isEmpty()
                        && !left.equals("0");
                System.out.println(late ? "taken out with " + left + " connections" : "drained");
                return late ? ExitStatus.TIMED_OUT : ExitStatus.DONE;
            }
            if (!said.equals(left)) {
                left = said;
                System.out.println(left + " active connections");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
