package io.lvsd.core.daemon;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.HttpConfig;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.core.api.HttpEndpoint;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.DaemonEvent.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What listens for HTTP requests. Opened and closed by one thread. */
final class Endpoints implements AutoCloseable {
    private final Consumer<DaemonEvent> log;
    private final boolean optional;
    private @Nullable HttpEndpoint http;

    /** @param optional whether the daemon continues without a port that is in use, as a dry run beside another daemon does */
    Endpoints(Consumer<DaemonEvent> log, boolean optional) {
        this.log = log;
        this.optional = optional;
    }

    /** Makes the HTTP endpoint, without listeners. */
    interface HttpFactory {
        HttpEndpoint create(HttpConfig config) throws IOException;
    }

    private interface Opener {
        void open(InetSocketAddress address) throws IOException;
    }

    /** @throws IOException if a port cannot be opened; the text names the remedy */
    void open(DaemonConfig config, HttpFactory factory) throws IOException {
        Optional<HttpConfig> web = config.lvsd().http();
        if (web.isPresent()) {
            HttpEndpoint endpoint = factory.create(web.get());
            http = endpoint;
            for (InetSocketAddress address : web.get().listen()) {
                listen("http", address.getAddress(), address.getPort(), endpoint::listen);
            }
        }
    }

    /** Uses another configuration, whose addresses are the same. */
    void configure(DaemonConfig config) {
        HttpEndpoint endpoint = http;
        if (endpoint != null) {
            config.lvsd().http().ifPresent(endpoint::configure);
        }
    }

    private void listen(String what, InetAddress address, int port, Opener opener) throws IOException {
        String text = IpAddresses.text(address, port);
        try {
            opener.open(new InetSocketAddress(address, port));
            log.accept(DaemonEvent.of(Level.INFO, what + ".listening", "address", text));
        } catch (IOException e) {
            if (!optional) {
                throw new IOException(
                        IoReason.of(e)
                                + "; stop the program that uses the port ('ss -lnp' shows it), or change listen of "
                                + what + " { } in the configuration",
                        e);
            }
            log.accept(DaemonEvent.of(
                    Level.WARN,
                    what + ".not_opened",
                    "address",
                    text,
                    "reason",
                    IoReason.of(e),
                    "effect",
                    "the dry run continues without it"));
        }
    }

    @Override
    public void close() {
        HttpEndpoint endpoint = http;
        if (endpoint != null) {
            endpoint.close();
        }
    }
}
