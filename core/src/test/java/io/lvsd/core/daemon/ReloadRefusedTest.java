package io.lvsd.core.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.operations.ReloadResult;
import io.lvsd.core.store.Store;
import io.lvsd.core.view.ReloadOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reload whose sorry page cannot be used. */
final class ReloadRefusedTest {
    @TempDir
    private Path directory;

    private Path write(String realServers) throws IOException {
        return Files.writeString(
                directory.resolve("lvsd.conf"),
                "lvsd {\nsorry_page {\nroot " + directory + "\n}\n}\nvirtual_server 192.0.2.1 80 {\nprotocol TCP\n"
                        + "lvs_sched rr\nlvs_method NAT\n" + realServers + "}\n");
    }

    @Test
    void aReloadWithAnUnusableSorryPageIsRefusedAndChangesNothing() throws Exception {
        Path page = Files.writeString(directory.resolve("404.html"), "sorry");
        RepeatedSource source = new RepeatedSource(new ConfigLoader.Source(
                write("real_server 10.0.0.1 80 { }\n"), "test", Optional.of(ConfigFormat.KEEPALIVED)));
        ConfigLoader.Loaded loaded = source.load();
        assertTrue(loaded.loadable(), loaded.problems()::toString);
        TableDriver table = TableDriver.open(Driver.MEMORY, loaded);
        try (Daemon daemon = new Daemon(source, loaded.config(), table, Store.inMemory())) {
            daemon.start(loaded, Store.inMemory(), false);
            Thread engine = Thread.ofPlatform().start(() -> run(daemon));
            assertEquals(1, daemon.state().servers().size(), "this waits for the first turn");
            write("real_server 10.0.0.1 80 { }\nreal_server 10.0.0.2 80 { }\n");
            Files.delete(page);
            Files.createDirectory(page);
            ReloadResult result = daemon.reload(false);
            assertEquals(ReloadOutcome.REFUSED, result.report().outcome(), result.text());
            assertTrue(result.text().contains("sorry page: " + page + " is not a regular file"), result.text());
            assertEquals(1, realServers(daemon));
            Files.delete(page);
            Files.writeString(page, "sorry");
            assertEquals(ReloadOutcome.DONE, daemon.reload(false).report().outcome());
            assertEquals(2, realServers(daemon));
            daemon.requestStop();
            engine.join();
        }
    }

    private static int realServers(Daemon daemon) {
        return daemon.state().config().virtualServers().getFirst().realServers().size();
    }

    private static void run(Daemon daemon) {
        try {
            daemon.run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
