package io.lvsd.core.log;

import io.lvsd.core.log.format.LogRecord;
import java.io.IOException;

/** Where lines are written. One thread. */
interface LogSink extends AutoCloseable {
    /** For messages, such as {@code journal}. */
    String name();

    /** @throws IOException if the target cannot be reached */
    void open() throws IOException;

    /**
     * Writes a line. May block for a second, or for as long as standard error has a reader that does not read.
     *
     * @throws IOException if the target cannot be reached; the line is not written
     */
    void write(LogRecord line) throws IOException;

    @Override
    void close();
}
