package io.lvsd.core.log;

import io.lvsd.core.log.format.LogRecord;
import io.lvsd.ipvs.ffm.UnixDatagram;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A socket of syslog or of the journal. Connects when it is needed, and again if the receiver was restarted. */
final class DatagramSink implements LogSink {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final String name;
    private final Path path;
    private final Function<LogRecord, List<byte[]>> encoder;
    private @Nullable UnixDatagram socket;

    DatagramSink(String name, Path path, Function<LogRecord, List<byte[]>> encoder) {
        this.name = name;
        this.path = path;
        this.encoder = encoder;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void open() throws IOException {
        if (socket == null) {
            socket = UnixDatagram.connect(path);
        }
    }

    @Override
    public void write(LogRecord line) throws IOException {
        for (byte[] datagram : encoder.apply(line)) {
            send(datagram);
        }
    }

    /** A receiver that was restarted has a new socket on the same path. */
    private void send(byte[] datagram) throws IOException {
        UnixDatagram known = socket;
        try {
            if (known != null) {
                known.send(datagram, TIMEOUT);
                return;
            }
        } catch (SocketTimeoutException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            close();
        }
        UnixDatagram fresh = UnixDatagram.connect(path);
        socket = fresh;
        try {
            fresh.send(datagram, TIMEOUT);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        UnixDatagram known = socket;
        socket = null;
        if (known != null) {
            known.close();
        }
    }
}
