package io.lvsd.core.notify;

import io.lvsd.checkers.script.ScriptProcesses;
import io.lvsd.conf.model.NotifyConfig.Fifo;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.RunAs;
import io.lvsd.core.log.LastingFailure;
import io.lvsd.core.notify.Deliveries.Channel;
import io.lvsd.core.notify.Deliveries.Outcome;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notification FIFOs. Each line is one write(2); a line that would block is dropped. A FIFO that lvsd created is deleted when it
 * is no longer used. Used by one thread.
 */
final class Fifos {
    private static final Logger LOG = LoggerFactory.getLogger(Fifos.class);
    private static final int PERMISSIONS = 0644;
    /** {@code S_IFMT} and {@code S_IFIFO}, bits/stat.h. */
    private static final int TYPE_MASK = 0170000;

    private static final int FIFO = 0010000;

    private final ScriptProcesses programs;
    private final Deliveries deliveries;
    private final Map<Path, Open> open = new HashMap<>();

    private static final class Open {
        private final Fifo config;
        private final int fd;
        private final boolean created;
        private final LastingFailure writing = new LastingFailure();

        Open(Fifo config, int fd, boolean created) {
            this.config = config;
            this.fd = fd;
            this.created = created;
        }
    }

    Fifos(ScriptProcesses programs, Deliveries deliveries) {
        this.deliveries = deliveries;
        this.programs = programs;
    }

    /** Opens these FIFOs and closes all others. */
    void configure(List<Fifo> wanted) {
        for (Open fifo : new ArrayList<>(open.values())) {
            if (!wanted.contains(fifo.config)) {
                close(fifo);
            }
        }
        for (Fifo fifo : wanted) {
            if (!open.containsKey(fifo.path())) {
                try {
                    open.put(fifo.path(), open(fifo));
                    fifo.reader()
                            .ifPresent(r -> programs.launch(r.with(fifo.path().toString())));
                } catch (IOException e) {
                    LOG.atError()
                            .addKeyValue("path", fifo.path())
                            .addKeyValue("reason", IoReason.withFile(e))
                            .addKeyValue("effect", "no line is written to it")
                            .addKeyValue("remedy", "create its directory, or configure another path, and reload")
                            .log("fifo.failed");
                }
            }
        }
    }

    private static Open open(Fifo fifo) throws IOException {
        Path path = fifo.path();
        boolean created = false;
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            check("mkfifo", Libc.mkfifo(path.toString(), PERMISSIONS));
            created = true;
            if (fifo.owner().isPresent()) {
                changeOwner(path, fifo.owner().get());
            }
        }
        Map<String, Object> facts = Files.readAttributes(path, "unix:mode,uid");
        if (!(facts.get("mode") instanceof Integer mode) || (mode & TYPE_MASK) != FIFO) {
            throw new IOException("the file exists and is not a FIFO");
        }
        if (!(facts.get("uid") instanceof Integer uid) || !mayBelongTo(uid, path, fifo)) {
            throw new IOException("the FIFO belongs to another user");
        }
        int fd = Libc.open(path.toString(), Libc.O_RDWR_NONBLOCK_CLOEXEC);
        check("open", fd);
        return new Open(fifo, fd, created);
    }

    private static boolean mayBelongTo(int uid, Path path, Fifo fifo) throws IOException {
        String name = Files.getOwner(path).getName();
        return uid == Libc.geteuid()
                || fifo.owner()
                        .filter(o -> o.user().equals(name) || o.user().equals(String.valueOf(uid)))
                        .isPresent();
    }

    private static void changeOwner(Path path, RunAs owner) throws IOException {
        var users = path.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(path, users.lookupPrincipalByName(owner.user()));
        if (owner.group().isPresent()) {
            Files.setAttribute(
                    path,
                    "posix:group",
                    users.lookupPrincipalByGroupName(owner.group().get()));
        }
    }

    private static void check(String call, int result) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": " + Errno.describe(-result));
        }
    }

    void write(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        open.values().forEach(fifo -> {
            long result = Libc.write(fifo.fd, bytes);
            deliveries.count(Channel.FIFO, result < 0 ? Outcome.DROPPED : Outcome.DELIVERED);
            if (result < 0 && fifo.writing.failed()) {
                LOG.atWarn()
                        .addKeyValue("path", fifo.config.path())
                        .addKeyValue(
                                "reason",
                                result == -Errno.EAGAIN.number()
                                        ? "buffer full: no process reads the FIFO"
                                        : Errno.describe((int) -result))
                        .addKeyValue("effect", "lines are dropped")
                        .log("fifo_write.failed");
            } else if (result >= 0 && fifo.writing.isActive()) {
                fifo.writing
                        .recovered(LOG.atInfo().addKeyValue("path", fifo.config.path()))
                        .log("fifo_write.recovered");
            }
        });
    }

    private void close(Open fifo) {
        open.remove(fifo.config.path());
        int closed = Libc.close(fifo.fd);
        assert closed <= 0;
        if (fifo.created) {
            try {
                Files.deleteIfExists(fifo.config.path());
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("path", fifo.config.path())
                        .addKeyValue("reason", IoReason.withFile(e))
                        .log("fifo.delete_failed");
            }
        }
    }

    void closeAll() {
        new ArrayList<>(open.values()).forEach(this::close);
    }
}
