package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lvsd reload}. */
@Command(
        name = "reload",
        description = "Has the daemon load its files anew; a file with new errors changes nothing.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Override
    public Integer call() {
        return daemon.ask("reload");
    }
}
