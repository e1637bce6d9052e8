package io.lvsd.conf.load;

import io.lvsd.conf.keyword.Endpoint;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.SorryKeywords;
import io.lvsd.conf.keyword.SorryTypes;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.SorryPageConfig;
import io.lvsd.conf.model.SorryPageConfig.Banner;
import io.lvsd.conf.model.SorryPageConfig.Certificate;
import io.lvsd.conf.model.SorryPageConfig.Page;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The block {@code sorry_page} of the {@code lvsd} block, and those of virtual servers, whose keywords replace its keywords. */
final class SorryPageReader {
    private final Problems problems;
    private final Block common;
    private final SorryPageConfig config;
    private final List<InetSocketAddress> listen;

    /** The keywords of a block, and those of each host in it. */
    private record Block(Settings settings, Map<String, Settings> hosts) {}

    /** @param block of the {@code lvsd} block */
    SorryPageReader(Optional<Statement> block, Problems problems) {
        this.problems = problems;
        this.common = read(block.map(ConfigBuilder::blockOf).orElse(List.of()));
        this.config = config(common.settings(), common.hosts());
        this.listen = listen(common.settings());
    }

    /** The page of virtual servers without a block of their own. */
    SorryPageConfig common() {
        return config;
    }

    /** The addresses of {@code lvsd sorry -f}. */
    List<InetSocketAddress> listen() {
        return listen;
    }

    /** The page of a virtual server. */
    SorryPageConfig of(Optional<Statement> block) {
        if (block.isEmpty()) {
            return config;
        }
        Block own = read(ConfigBuilder.blockOf(block.get()));
        if (own.settings().mentions(SorryKeywords.LISTEN)) {
            problems.error(
                    own.settings().originOf(SorryKeywords.LISTEN, block.get().origin()),
                    "'listen' of sorry_page applies in the lvsd block only, ignored",
                    "use sorry_listen for the port of this virtual server");
        }
        boolean ownHosts = own.settings().mentions(SorryKeywords.HOST);
        return config(own.settings().over(common.settings()), ownHosts ? own.hosts() : common.hosts());
    }

    private Block read(List<Statement> statements) {
        Settings settings = Language.read(Scope.SORRY_PAGE, statements, problems);
        Map<String, Settings> hosts = new LinkedHashMap<>();
        for (Statement host : settings.all(SorryKeywords.HOST)) {
            Word word = host.words().getFirst();
            Settings page = Language.read(Scope.SORRY_HOST, ConfigBuilder.blockOf(host), problems);
            Optional<String> name = SorryTypes.hostName(word.text());
            if (name.isEmpty()) {
                problems.error(
                        word.origin(),
                        "invalid host '" + word.text() + "': expected a host name without port",
                        "such as www.example.net");
            } else if (hosts.putIfAbsent(name.get(), page) != null) {
                problems.error(
                        word.origin(),
                        "duplicate host '" + name.get() + "', the first one is used",
                        "remove one of them");
            }
        }
        return new Block(settings, hosts);
    }

    private static SorryPageConfig config(Settings settings, Map<String, Settings> hosts) {
        Page page = page(settings, Page.DEFAULT);
        Map<String, Page> pages = new LinkedHashMap<>();
        hosts.forEach((name, host) -> pages.put(name, page(host, page)));
        return new SorryPageConfig(
                page,
                pages,
                settings.all(SorryKeywords.TLS).stream()
                        .map(t -> new Certificate(Path.of(t.certificate()), Path.of(t.key())))
                        .distinct()
                        .toList(),
                settings.get(SorryKeywords.BANNER)
                        .map(text -> text.equals(SorryTypes.RESET) ? new Banner.Reset() : new Banner.Text(text)),
                settings.get(SorryKeywords.PORTS).orElse(SorryPageConfig.DEFAULT.ports()));
    }

    private static Page page(Settings settings, Page usual) {
        return new Page(
                settings.get(SorryKeywords.ROOT).map(Path::of).or(usual::root),
                settings.get(SorryKeywords.STATUS).map(Long::intValue).orElse(usual.status()),
                settings.get(SorryKeywords.REASON).orElse(usual.reason()),
                settings.get(SorryKeywords.RETRY_AFTER).orElse(usual.retryAfterSeconds()),
                settings.get(SorryKeywords.TITLE).orElse(usual.title()),
                settings.get(SorryKeywords.MESSAGE).orElse(usual.message()),
                settings.get(SorryKeywords.UNTIL).or(usual::until));
    }

    private List<InetSocketAddress> listen(Settings settings) {
        Set<InetSocketAddress> listen = new LinkedHashSet<>();
        for (Endpoint endpoint : settings.all(SorryKeywords.LISTEN)) {
            if (!listen.add(new InetSocketAddress(endpoint.address(), endpoint.port()))) {
                problems.error(
                        endpoint.origin(),
                        "duplicate listen address " + IpAddresses.text(endpoint.address(), endpoint.port()),
                        "remove one of them");
            }
        }
        return List.copyOf(listen);
    }
}
