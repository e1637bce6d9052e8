package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code lvsd version}. */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    /** For {@code --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Client.version()};
        }
    }

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() {
        System.out.println(Client.version());
        return ExitStatus.DONE;
    }
}
