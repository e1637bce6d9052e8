package io.lvsd.sorryserver;

import io.lvsd.sorryserver.page.SorryPage;
import io.lvsd.sorryserver.setup.PageSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages in use, each read once for all listeners. Owned by one thread at a time. */
final class PageStore {
    private static final Logger LOG = LoggerFactory.getLogger(PageStore.class);

    private final Map<PageSetup, SorryPage> pages = new HashMap<>();
    private final Failures<PageSetup> failures = new Failures<>();

    /** The page of a setup; the built-in page if its files cannot be read. */
    SorryPage get(PageSetup setup) {
        return pages.computeIfAbsent(setup, this::read);
    }

    private SorryPage read(PageSetup setup) {
        try {
            SorryPage page = SorryPage.of(setup, Instant.now());
            succeeded(setup);
            return page;
        } catch (IOException e) {
            failed(setup, e);
            return builtIn(setup);
        }
    }

    private void failed(PageSetup setup, IOException e) {
        if (failures.failed(setup)) {
            LOG.atError()
                    .addKeyValue("reason", e.getMessage())
                    .addKeyValue("effect", "the former page or the built-in page is served")
                    .log("sorry_page.failed");
        }
    }

    private void succeeded(PageSetup setup) {
        failures.succeeded(setup)
                .ifPresent(f -> LOG.atInfo()
                        .addKeyValue("root", setup.root().map(Path::toString).orElse(""))
                        .addKeyValue("count", f.count())
                        .addKeyValue("for", f.duration())
                        .log("sorry_page.recovered"));
    }

    private static SorryPage builtIn(PageSetup setup) {
        try {
            return SorryPage.of(
                    new PageSetup(
                            Optional.empty(),
                            setup.status(),
                            setup.reason(),
                            setup.retryAfterSeconds(),
                            setup.title(),
                            setup.message(),
                            setup.until()),
                    Instant.now());
        } catch (IOException e) {
            throw new IllegalStateException("a page without files was read", e);
        }
    }

    /** Reads pages again whose files changed, and renders those again whose time changed. */
    void refresh() {
        pages.replaceAll((setup, page) -> {
            if (setup.root().isPresent() && !page.hasRoot()) {
                return read(setup);
            }
            try {
                SorryPage now = page.at(Instant.now());
                succeeded(setup);
                return now;
            } catch (IOException e) {
                failed(setup, e);
                return page;
            }
        });
    }

    /** Forgets the pages of other setups. */
    void retain(Set<PageSetup> setups) {
        pages.keySet().retainAll(setups);
        failures.retain(setups);
    }
}
