package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lvsd status}. */
@Command(name = "status", description = "Shows what is up, down and why.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        return daemon.ask(json ? "status json" : "status");
    }
}
