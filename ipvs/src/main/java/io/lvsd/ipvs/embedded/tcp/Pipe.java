package io.lvsd.ipvs.embedded.tcp;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** A pipe(7) that bytes are moved through without being copied (splice(2)). Used on one event loop only. */
final class Pipe {
    final FileDescriptor readEnd;
    final FileDescriptor writeEnd;
    int bytes;

    private Pipe(FileDescriptor readEnd, FileDescriptor writeEnd) {
        this.readEnd = readEnd;
        this.writeEnd = writeEnd;
    }

    static Pipe open() throws IOException {
        FileDescriptor[] ends = FileDescriptor.pipe();
        return new Pipe(ends[0], ends[1]);
    }

    void close() {
        try {
            readEnd.close();
            writeEnd.close();
        } catch (IOException _) {
            // Nothing can be done about a descriptor that does not close.
        }
    }
}
