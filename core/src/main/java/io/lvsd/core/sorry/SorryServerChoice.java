package io.lvsd.core.sorry;

import io.lvsd.core.loop.OwnSorryServer;
import io.lvsd.core.loop.SorryListeners;
import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.SorryService;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uses the process of the sorry server if there is one, and serves in this process until one appears. It does not change back:
 * the process continues to serve when it cannot be reached.
 */
public final class SorryServerChoice implements SorryListeners.Server {
    private static final Logger LOG = LoggerFactory.getLogger(SorryServerChoice.class);

    private final RemoteSorryServer process;
    /** Empty: the process is used. */
    private volatile Optional<OwnSorryServer> own;

    /** @param service creates a sorry server in this process; called at most once, before this method returns */
    public SorryServerChoice(RemoteSorryServer process, Supplier<SorryService> service) {
        this.process = process;
        this.own = process.isAnswering() ? Optional.empty() : Optional.of(new OwnSorryServer(service.get()));
    }

    private SorryListeners.Server used() {
        return own.<SorryListeners.Server>map(server -> server).orElse(process);
    }

    @Override
    public Map<InetSocketAddress, String> apply(List<ListenerSetup> listeners) {
        return used().apply(listeners);
    }

    @Override
    public void use(Set<InetSocketAddress> addresses) {
        used().use(addresses);
    }

    @Override
    public boolean isStale() {
        Optional<OwnSorryServer> present = own;
        if (present.isEmpty()) {
            return process.isStale();
        }
        if (!process.isAnswering()) {
            return false;
        }
        // The process cannot open the listeners before they are closed here.
        present.get().apply(List.of());
        present.get().close();
        own = Optional.empty();
        LOG.atInfo()
                .addKeyValue("effect", "it serves the sorry pages from now on")
                .log("sorry_process.connected");
        return true;
    }

    @Override
    public Set<InetSocketAddress> open() {
        return used().open();
    }

    @Override
    public List<SorryCounters> counters() {
        return used().counters();
    }

    @Override
    public void close() {
        used().close();
    }
}
