package io.lvsd.core.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code lvsd version}. */
@Command(name = "version", description = "Shows the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    /** For {@code --version}. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }

    private static String text() {
        String version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("development");
        return "lvsd " + version + " (Java " + Runtime.version() + ")";
    }

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() {
        System.out.println(text());
        return ExitStatus.DONE;
    }
}
