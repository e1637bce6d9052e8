package io.lvsd.core.daemon;

import io.lvsd.conf.source.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of {@code reload_file}: while it exists and is empty, a configuration is being read, and programs that write it
 * wait. If it cannot be created, the reload continues.
 */
final class ReloadMarker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadMarker.class);

    private final Optional<Path> file;

    /** Creates or truncates it. */
    ReloadMarker(Optional<Path> file) {
        this.file = file;
        file.ifPresent(f -> {
            try {
                Files.newOutputStream(
                                f,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS)
                        .close();
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("file", f)
                        .addKeyValue("reason", IoReason.of(e))
                        .log("reload_file.failed");
            }
        });
    }

    /** Deletes it. */
    @Override
    public void close() {
        file.ifPresent(f -> {
            try {
                Files.deleteIfExists(f);
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("file", f)
                        .addKeyValue("reason", IoReason.of(e))
                        .log("reload_file.failed");
            }
        });
    }
}
