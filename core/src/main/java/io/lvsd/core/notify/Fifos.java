package io.lvsd.core.notify;

import io.lvsd.checkers.script.ScriptProcesses;
import io.lvsd.conf.model.NotifyConfig.Fifo;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.RunAs;
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
 * FIFOs that lines are written to, one write(2) each; a line that would block is dropped. One that lvsd made goes with it.
 * Used by one thread.
 */
final class Fifos {
    private static final Logger LOG = LoggerFactory.getLogger("lvsd");
    private static final int PERMISSIONS = 0644;
    /** {@code S_IFMT} and {@code S_IFIFO}, bits/stat.h. */
    private static final int KIND = 0170000;

    private static final int FIFO = 0010000;

    private final ScriptProcesses programs;
    private final Map<Path, Open> open = new HashMap<>();

    private static final class Open {
        private final Fifo config;
        private final int fd;
        private final boolean made;
        private long dropped;

        Open(Fifo config, int fd, boolean made) {
            this.config = config;
            this.fd = fd;
            this.made = made;
        }
    }

    Fifos(ScriptProcesses programs) {
        this.programs = programs;
    }

    /** Has these open, and no others. */
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
                    LOG.error(
                            "event=fifo.failed path={} reason=\"{}\" effect=\"no event is written to it\""
                                    + " remedy=\"create its directory, or name another path, and reload\"",
                            fifo.path(),
                            IoReason.withFile(e));
                }
            }
        }
    }

    private static Open open(Fifo fifo) throws IOException {
        Path path = fifo.path();
        boolean made = false;
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            check("mkfifo", Libc.mkfifo(path.toString(), PERMISSIONS));
            made = true;
            if (fifo.owner().isPresent()) {
                own(path, fifo.owner().get());
            }
        }
        Map<String, Object> facts = Files.readAttributes(path, "unix:mode,uid");
        if (!(facts.get("mode") instanceof Integer mode) || (mode & KIND) != FIFO) {
            throw new IOException("it is no FIFO");
        }
        if (!(facts.get("uid") instanceof Integer uid) || !mayBelongTo(uid, path, fifo)) {
            throw new IOException("it belongs to somebody else");
        }
        int fd = Libc.open(path.toString(), Libc.O_RDWR_NONBLOCK_CLOEXEC);
        check("open", fd);
        return new Open(fifo, fd, made);
    }

    private static boolean mayBelongTo(int uid, Path path, Fifo fifo) throws IOException {
        String name = Files.getOwner(path).getName();
        return uid == Libc.geteuid()
                || fifo.owner()
                        .filter(o -> o.user().equals(name) || o.user().equals(String.valueOf(uid)))
                        .isPresent();
    }

    private static void own(Path path, RunAs owner) throws IOException {
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
            if (result < 0 && fifo.dropped++ == 0) {
                LOG.warn(
                        "event=fifo.dropping path={} reason=\"{}\"",
                        fifo.config.path(),
                        result == -Errno.EAGAIN.number() ? "nobody reads it" : Errno.describe((int) -result));
            } else if (result >= 0 && fifo.dropped > 0) {
                LOG.warn("event=fifo.dropping_over path={} lines={}", fifo.config.path(), fifo.dropped);
                fifo.dropped = 0;
            }
        });
    }

    private void close(Open fifo) {
        open.remove(fifo.config.path());
        int closed = Libc.close(fifo.fd);
        assert closed <= 0;
        if (fifo.made) {
            try {
                Files.deleteIfExists(fifo.config.path());
            } catch (IOException e) {
                LOG.warn("event=fifo.left path={} reason=\"{}\"", fifo.config.path(), IoReason.withFile(e));
            }
        }
    }

    void closeAll() {
        new ArrayList<>(open.values()).forEach(this::close);
    }
}
