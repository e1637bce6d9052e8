package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.core.view.RecordJson;
import io.lvsd.core.view.StatusInputs;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.StatusReports;
import io.lvsd.core.view.StatusText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose only check was lost through an error of the configuration. */
final class UnusableCheckTest {
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";
    private static final String GOOD = "TCP_CHECK { }";
    private static final String LOST = "HTTP_GET { url { status_code 200 } }";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static String text(String checkOfA) {
        return "virtual_server 10.0.0.1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n"
                + " real_server 10.0.0.11 80 {\n  " + checkOfA
                + "\n }\n real_server 10.0.0.12 80 { TCP_CHECK { } }\n}\n";
    }

    private DaemonConfig broken(String checkOfA) {
        try {
            ConfigLoader.Loaded loaded = ConfigLoader.load(Files.writeString(
                    directory.resolve("test.conf"), text(checkOfA).replace("} }", "}\n}")));
            assertTrue(loaded.hasErrors());
            assertTrue(loaded.loadable());
            return loaded.config();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private World start(World world, String checkOfA) {
        Event.Started good = world.started(text(GOOD));
        world.send(new Event.Started(
                broken(checkOfA),
                good.table(),
                good.trusted(),
                good.known(),
                good.overrides(),
                good.maintenance(),
                good.owned(),
                good.kernel(),
                good.rows(),
                good.host(),
                good.sorryChecks(),
                false,
                good.time()));
        return world;
    }

    @Test
    void isDownAtTheStartAndNeverProbed() {
        World world = start(new World(), LOST);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
        assertEquals(1, world.checks(A).size());
        assertFalse(world.planned.containsKey(world.checks(A).getFirst()));
        assertFalse(world.watched.contains(world.checks(A).getFirst()));
        world.passes(B);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
    }

    @Test
    void comesUpOnceTheErrorIsFixedAndACheckHasPassed() {
        World world = start(new World(), LOST);
        world.reload(text(GOOD));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
        world.passes(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
    }

    @Test
    void staysUpAtAReloadIfItWasUp() {
        World world = new World().start(text(GOOD));
        world.passes(A);
        world.send(new Event.Reloaded(broken(LOST)));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
        world.send(new Event.Reloaded(broken("TCP_CHEK { }")));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
        world.reload(text(GOOD));
        world.fails(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
    }

    @Test
    void staysDownAtAReloadIfItWasDown() {
        World world = new World().start(text(GOOD));
        world.fails(A);
        world.send(new Event.Reloaded(broken(LOST)));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
    }

    @Test
    void isDownIfAReloadAddsIt() {
        World world = new World().start(text(GOOD).replace("10.0.0.11", "10.0.0.13"));
        world.send(new Event.Reloaded(broken(LOST)));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1, 10.0.0.13:80=0}}", world.table());
    }

    @Test
    void theStatusSaysSoWithTheError() {
        World world = start(new World(), LOST);
        StatusReport report = StatusReports.of(StatusInputs.of(world.state));
        String text = StatusText.text(report, StatusText.Options.PLAIN);
        assertTrue(text.contains("HTTP_GET unusable: error in "), text);
        assertTrue(text.contains("'url' requires 'path'"), text);
        String json = RecordJson.pretty(report);
        assertTrue(json.contains("\"state\" : \"unusable\""), json);
        assertTrue(json.contains("\"reason\" : \"error in "), json);
    }
}
