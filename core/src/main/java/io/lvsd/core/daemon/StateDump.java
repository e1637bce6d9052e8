package io.lvsd.core.daemon;

import io.lvsd.conf.convert.EffectiveConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusReports;
import io.lvsd.core.view.StatusText;
import io.lvsd.core.view.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What SIGUSR1 writes: the state, the last reading of the table, and the configuration with every default, as text. */
final class StateDump {
    private static final Logger LOG = LoggerFactory.getLogger(StateDump.class);

    private StateDump() {}

    /** Writes it to the configured file, completely or not at all; a link in its place is replaced. */
    static void write(StatusInput status) {
        Path file = status.state().config().operation().stateDumpFile(temporary());
        try {
            Path next = Files.createTempFile(file.toAbsolutePath().getParent(), "lvsd-", ".dump");
            try {
                Files.writeString(next, text(status));
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(next);
            }
            LOG.atInfo().addKeyValue("file", file).log("state_dump.written");
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", IoReason.of(e))
                    .addKeyValue("remedy", "create its directory, or change state_dump_file")
                    .log("state_dump.failed");
        }
    }

    private static Path temporary() {
        return Optional.ofNullable(System.getenv("TMPDIR"))
                .filter(d -> d.startsWith("/") && Files.isDirectory(Path.of(d)))
                .map(Path::of)
                .orElse(Path.of("/tmp"));
    }

    static String text(StatusInput status) {
        EngineState state = status.state();
        return "# lvsd, process " + ProcessHandle.current().pid() + ", "
                + OffsetDateTime.now(java.time.ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)
                + "\n\n# state\n\n" + StatusText.text(StatusReports.of(status), StatusText.Options.PLAIN)
                + "\n# table\n\n" + TableFormat.list(state.table().lastRead())
                + "\n# configuration\n\n"
                + EffectiveConfig.redacted(state.config(), ConfigFormat.KEEPALIVED)
                        .text();
    }
}
