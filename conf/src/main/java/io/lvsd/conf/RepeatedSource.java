package io.lvsd.conf;

import io.lvsd.conf.ConfigLoader.Load;
import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.ConfigLoader.Source;
import io.lvsd.conf.load.FormerServers;
import io.lvsd.conf.syntax.Inputs;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A source that is loaded again and again. A load that would read what the last one has read gives the same object, at the
 * price of reading; another one gives the same objects for virtual and real servers that did not change. The result is always that of
 * {@link Source#load}. Thread-safe.
 */
public final class RepeatedSource {
    private final Source source;
    private Inputs inputs = new Inputs();
    private FormerServers servers = FormerServers.NONE;
    private @Nullable Loaded last;

    public RepeatedSource(Source source) {
        this.source = source;
    }

    public Path file() {
        return source.file();
    }

    /** Loads it now. */
    public synchronized Loaded load() {
        Loaded known = last;
        if (known != null && inputs.isUnchanged()) {
            return known;
        }
        inputs = inputs.next();
        Load load = inputs.note(() -> source.loadAfter(servers));
        servers = load.servers();
        last = load.loaded();
        return load.loaded();
    }
}
