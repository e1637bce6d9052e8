package io.lvsd.conf;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.ConfigLoader.Source;
import io.lvsd.conf.syntax.Inputs;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A source that is loaded again and again. A load that would read what the last one has read gives the same object, at the
 * price of reading. Thread-safe.
 */
public final class RepeatedSource {
    private final Source source;
    private Inputs inputs = new Inputs();
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
        inputs = new Inputs();
        Loaded loaded = inputs.note(source::load);
        last = loaded;
        return loaded;
    }
}
