package io.lvsd.core.plan;

import io.lvsd.conf.model.SorryPageConfig;
import io.lvsd.conf.model.SorryPageConfig.Banner;
import io.lvsd.conf.model.SorryPageConfig.Page;
import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.PageSetup;
import io.lvsd.sorryserver.setup.TlsIdentity;
import java.util.Map;
import java.util.TreeMap;

/** Makes what a listener serves from the configuration. */
public final class SorryContent {
    private SorryContent() {}

    /** What clients of TCP get. */
    public static Content of(SorryPageConfig config) {
        return config.banner().map(SorryContent::banner).orElseGet(() -> page(config));
    }

    private static Content banner(Banner banner) {
        return switch (banner) {
            case Banner.Text(var line) -> new Content.Banner(line);
            case Banner.Reset() -> new Content.Reset();
        };
    }

    private static Content page(SorryPageConfig config) {
        Map<String, PageSetup> hosts = new TreeMap<>();
        config.hosts().forEach((name, page) -> hosts.put(name, setup(page)));
        return new Content.Page(
                setup(config.page()),
                hosts,
                config.certificates().stream()
                        .map(c -> new TlsIdentity(c.certificate(), c.key()))
                        .toList(),
                Bypass.NONE);
    }

    private static PageSetup setup(Page page) {
        return new PageSetup(
                page.root(),
                page.status(),
                page.reason(),
                page.retryAfterSeconds(),
                page.title(),
                page.message(),
                page.until());
    }
}
