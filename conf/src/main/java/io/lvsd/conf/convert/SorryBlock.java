package io.lvsd.conf.convert;

import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.SorryKeywords;
import io.lvsd.conf.keyword.SorryTypes;
import io.lvsd.conf.model.SorryPageConfig;
import io.lvsd.conf.model.SorryPageConfig.Banner;
import io.lvsd.conf.model.SorryPageConfig.Page;
import io.lvsd.conf.source.IpAddresses;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.TreeMap;

/** The effective values of the block {@code sorry_page}. */
final class SorryBlock {
    private SorryBlock() {}

    /** @param listen of the {@code lvsd} block */
    static BlockBuilder of(SorryPageConfig config, List<InetSocketAddress> listen) {
        BlockBuilder block = page(config.page());
        config.certificates().forEach(c -> block.put(SorryKeywords.TLS, c.certificate(), c.key()));
        config.banner().ifPresent(b -> block.put(SorryKeywords.BANNER, text(b)));
        block.put(SorryKeywords.PORTS, config.ports().toArray());
        listen.forEach(a -> block.put(SorryKeywords.LISTEN, IpAddresses.text(a.getAddress(), a.getPort())));
        new TreeMap<>(config.hosts()).forEach((name, page) -> block.put(SorryKeywords.HOST, page(page), name));
        return block;
    }

    private static String text(Banner banner) {
        return switch (banner) {
            case Banner.Text(var line) -> line;
            case Banner.Reset() -> SorryTypes.RESET;
        };
    }

    private static BlockBuilder page(Page page) {
        BlockBuilder block = new BlockBuilder();
        page.root().ifPresent(root -> block.put(SorryKeywords.ROOT, root));
        block.put(SorryKeywords.STATUS, page.status())
                .put(SorryKeywords.REASON, page.reason())
                .put(SorryKeywords.RETRY_AFTER, page.retryAfterSeconds())
                .put(SorryKeywords.TITLE, page.title())
                .put(SorryKeywords.MESSAGE, page.message());
        page.until().ifPresent(until -> block.put(SorryKeywords.UNTIL, until));
        return block;
    }
}
