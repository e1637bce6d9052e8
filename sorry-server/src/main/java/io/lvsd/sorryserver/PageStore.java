package io.lvsd.sorryserver;

import io.lvsd.sorryserver.page.SorryPage;
import io.lvsd.sorryserver.setup.PageSetup;
import java.io.IOException;
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
    private final Failure<PageSetup> failures =
            new Failure<>(LOG, "sorry_page", "the former page or the built-in page is served");

    /** The page of a setup; the built-in page if its files cannot be read. */
    SorryPage get(PageSetup setup) {
        return pages.computeIfAbsent(setup, this::read);
    }

    private SorryPage read(PageSetup setup) {
        try {
            SorryPage page = SorryPage.of(setup, Instant.now());
            failures.succeeded(setup);
            return page;
        } catch (IOException e) {
            failures.failed(setup, String.valueOf(e.getMessage()));
            return builtIn(setup);
        }
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
                failures.succeeded(setup);
                return now;
            } catch (IOException e) {
                failures.failed(setup, String.valueOf(e.getMessage()));
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
