package io.lvsd.core.log;

import io.lvsd.conf.value.LogFormat;
import io.lvsd.core.log.format.Lines;
import io.lvsd.core.log.format.LogRecord;
import io.lvsd.core.log.format.Priority;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Standard error. If that is the journal, lines have no time, which the journal adds, and begin with their priority as
 * {@code <4>}, which the journal removes.
 */
record StreamSink(OutputStream out, Lines lines, boolean journal) implements LogSink {
    @Override
    public String name() {
        return "stderr";
    }

    @Override
    public void open() {
        // It is open.
    }

    /** Each line is one write, so that those of other writers are not mixed into it. */
    @Override
    public void write(LogRecord line) throws IOException {
        StringBuilder text = new StringBuilder();
        String prefix = journal ? "<" + Priority.of(line.level()) + ">" : "";
        List<String> texts = journal ? lines.withLevel(line) : lines.complete(line);
        texts.forEach(t -> text.append(prefix).append(t).append('\n'));
        if (lines.format() != LogFormat.JSON) {
            line.trace().lines().forEach(t -> text.append(prefix).append(t).append('\n'));
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        // Standard error stays open.
    }

    /** Whether a file descriptor is the connection to the journal that systemd names in {@code JOURNAL_STREAM}. */
    static boolean isJournal(Map<String, String> environment, Path descriptor) {
        String stream = environment.get("JOURNAL_STREAM");
        if (stream == null) {
            return false;
        }
        try {
            Map<String, Object> file = Files.readAttributes(descriptor, "unix:dev,ino");
            return stream.equals(file.get("dev") + ":" + file.get("ino"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
