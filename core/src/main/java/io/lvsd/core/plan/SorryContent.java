package io.lvsd.core.plan;

import io.lvsd.conf.model.SorryPageConfig;
import io.lvsd.conf.model.SorryPageConfig.Banner;
import io.lvsd.conf.model.SorryPageConfig.Page;
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
        return of(config, SorryNotice.NONE);
    }

    /** What clients of TCP get during a maintenance. */
    public static Content of(SorryPageConfig config, SorryNotice notice) {
        return config.banner().map(SorryContent::banner).orElseGet(() -> page(config, notice));
    }

    private static Content banner(Banner banner) {
        return switch (banner) {
            case Banner.Text(var line) -> new Content.Banner(line);
            case Banner.Reset() -> new Content.Reset();
        };
    }

    private static Content page(SorryPageConfig config, SorryNotice notice) {
        Map<String, PageSetup> hosts = new TreeMap<>();
        config.hosts().forEach((name, page) -> hosts.put(name, setup(page, notice)));
        return new Content.Page(
                setup(config.page(), notice),
                hosts,
                config.certificates().stream()
                        .map(c -> new TlsIdentity(c.certificate(), c.key()))
                        .toList(),
                notice.bypass());
    }

    private static PageSetup setup(Page page, SorryNotice notice) {
        return new PageSetup(
                page.root(),
                page.status(),
                page.reason(),
                page.retryAfterSeconds(),
                page.title(),
                notice.message().isEmpty() ? page.message() : notice.message(),
                notice.until().or(page::until));
    }
}
