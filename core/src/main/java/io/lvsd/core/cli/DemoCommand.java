package io.lvsd.core.cli;

import io.lvsd.core.demo.Demo;
import io.lvsd.core.host.NativeLibraryDirectory;
import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lvsd demo}. */
@Command(
        name = "demo",
        description =
                "Demonstrate failover on loopback, without root: real servers fail, the sorry page replaces them, they"
                        + " return.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final long REFRESH_MILLIS = 250;

    @Option(
            names = "--interactive",
            description = "Control the real servers yourself: keys 1 to 3 stop and start them, q quits.")
    private boolean interactive;

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() throws IOException, InterruptedException {
        NativeLibraryDirectory.choose();
        boolean terminal = isTerminal();
        PrintStream screen = System.out;
        PrintStream errors = System.err;
        // Log lines would disturb the display, which shows the same events.
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try (Keyboard keyboard = Keyboard.open(terminal && interactive);
                Demo demo = Demo.start(screen, terminal)) {
            AtomicBoolean over = new AtomicBoolean();
            Thread cleanUp = Thread.ofPlatform().name("clean-up").unstarted(() -> cleanUp(over, demo, keyboard));
            Runtime.getRuntime().addShutdownHook(cleanUp);
            demo.introduce();
            boolean good = interactive ? play(demo, keyboard) : demo.runScenario();
            if (!over.getAndSet(true)) {
                Runtime.getRuntime().removeShutdownHook(cleanUp);
            }
            return good ? ExitStatus.DONE : ExitStatus.FAILED;
        } finally {
            System.setErr(errors);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 has gone back to null where there is no terminal
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** On Ctrl-C: restores the terminal and removes the temporary files. */
    private static void cleanUp(AtomicBoolean over, Demo demo, Keyboard keyboard) {
        if (!over.getAndSet(true)) {
            try (keyboard;
                    demo) {
                System.out.println();
            } catch (IOException _) {
                // Files that could not be removed remain in the temporary directory.
            }
        }
    }

    @SuppressWarnings("SystemOut")
    private static boolean play(Demo demo, Keyboard keyboard) throws IOException, InterruptedException {
        System.out.println("keys: 1 2 3 stop and start real servers a b c; q quits"
                + (keyboard.raw() ? "" : " (press Enter after each)"));
        while (true) {
            int key = keyboard.read();
            if (key == 'q' || key == Keyboard.END) {
                return true;
            }
            demo.toggle((char) key);
            demo.sendRequest();
            demo.refresh();
            Thread.sleep(REFRESH_MILLIS);
        }
    }
}
