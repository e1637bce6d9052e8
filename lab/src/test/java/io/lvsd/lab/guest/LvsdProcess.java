package io.lvsd.lab.guest;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** {@code ./lvsd run} on the director of a bed, as a user starts it. */
final class LvsdProcess implements Bed.Part {
    private final Bed bed;
    private final String namespace;
    private final Path config;
    private Background process;
    private int starts;

    LvsdProcess(Bed bed, String namespace, Path config) {
        this.bed = bed;
        this.namespace = namespace;
        this.config = config;
        this.process = launch();
    }

    private Background launch() {
        starts++;
        String command =
                "./lvsd run -f " + config + " --run-dir " + run() + " --state-dir " + bed.file("state" + number());
        Background started = bed.start(namespace, "lvsd" + number() + "-" + starts, command);
        Bed.waitFor(
                "lvsd is ready",
                () -> {
                    if (!started.isAlive()) {
                        throw new AssertionError("lvsd ended:\n" + started.log());
                    }
                    return started.log().contains("event=daemon.started");
                },
                started::log);
        return started;
    }

    private Path run() {
        return bed.file("run" + number());
    }

    /** Of the director, where there are two. */
    private String number() {
        return namespace.substring(1);
    }

    void startAgain() {
        process = launch();
    }

    String log() {
        return process.log();
    }

    /** Waits until the log holds a text. */
    void logs(String text) {
        Bed.waitFor("the log contains " + text, () -> log().contains(text), this::log);
    }

    void signal(String name) {
        process.signal(name);
    }

    /** SIGHUP, and waits for the answer in the log. */
    void reload(String answer) {
        int before = count(answer);
        signal("HUP");
        Bed.waitFor("reload replies " + answer, () -> count(answer) > before, this::log);
    }

    private int count(String text) {
        return log().split(text, -1).length;
    }

    void kill() {
        signal("KILL");
        process.await();
    }

    /** SIGTERM; the exit status. */
    int terminate() {
        signal("TERM");
        return process.await();
    }

    Reply ask(String request) {
        try {
            return ControlClient.request(run().resolve("lvsd.sock"), request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
