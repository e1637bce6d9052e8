package io.lvsd.conf.check;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.keyword.FunctionType;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.syntax.Statement;
import java.util.List;
import java.util.Optional;

/** DNS_CHECK: a name server answers a query. */
public final class DnsKind implements CheckKind<DnsCheck> {
    static final Scope SCOPE = Scope.check(DnsCheck.KIND, Trait.CONNECTING);

    private static final Keyword<Statement> BLOCK =
            CheckKind.declare(DnsCheck.KIND, SCOPE, "A name server answers a query.");
    private static final int DEFAULT_RETRY = 3;
    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 253;
    private static final Keyword<String> TYPE = Keyword.of(
            "type",
            SCOPE,
            TextTypes.choiceAnyCase(List.of("A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY")),
            "SOA",
            "Type of the query.");
    private static final Keyword<String> NAME = Keyword.of("name", SCOPE, domain(), ".", "Name of the query.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<DnsCheck> spec() {
        return DnsCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE);
    }

    @Override
    public List<Keyword<?>> keywords() {
        return List.of(TYPE, NAME);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        return context
                .target(settings, block.origin())
                .map(target -> CheckDraft.probed(
                        new DnsCheck(
                                target,
                                settings.get(TYPE).orElse("SOA"),
                                settings.get(NAME).orElse("")),
                        settings,
                        DEFAULT_RETRY,
                        context.delayLoop(settings)))
                .stream()
                .toList();
    }

    @Override
    public void write(DnsCheck check, CheckOutput output) {
        output.block().put(TYPE, check.type()).put(NAME, check.name() + ".");
    }

    /** A domain name, with or without the dot at its end; the value has none. */
    private static FunctionType<String> domain() {
        return TextTypes.parsed("NAME.", DnsKind::domain, "domain name", "labels of 1 to 63 characters");
    }

    private static Optional<String> domain(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        boolean root = name.isEmpty() && !text.isEmpty();
        boolean valid = name.length() <= MAX_NAME
                && List.of(name.split("\\.", -1)).stream().allMatch(l -> !l.isEmpty() && l.length() <= MAX_LABEL);
        return root || valid ? Optional.of(name) : Optional.empty();
    }
}
