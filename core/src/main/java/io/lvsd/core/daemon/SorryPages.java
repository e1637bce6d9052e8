package io.lvsd.core.daemon;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.SorryPageConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.host.DocumentRoots;
import io.lvsd.sorryserver.page.SorryPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sorry pages of a configuration: an unusable one refuses a start or a reload. Reads the file system. */
final class SorryPages {
    private SorryPages() {}

    /**
     * Reads every document root.
     *
     * @throws IOException if one cannot be used; the text names it
     */
    static void validate(DaemonConfig config) throws IOException {
        DocumentRoots roots = DocumentRoots.ofThisHost();
        for (Path root : roots(config)) {
            Optional<DocumentRoots.Unsafe> unsafe = roots.unsafe(root);
            if (unsafe.isPresent()) {
                throw new IOException(unsafe.get().reason());
            }
            SorryPage.validate(root);
        }
    }

    private static Set<Path> roots(DaemonConfig config) {
        Stream<SorryPageConfig> pages = Stream.concat(
                Stream.of(config.lvsd().sorryPage()),
                config.virtualServers().stream().map(VirtualServerConfig::sorryPage));
        return pages.distinct()
                .flatMap(page -> Stream.concat(Stream.of(page.page()), page.hosts().values().stream()))
                .flatMap(page -> page.root().stream())
                .collect(Collectors.toSet());
    }
}
