package io.lvsd.conf.check;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.syntax.Statement;
import java.util.List;

/** PING_CHECK: an ICMP echo request is answered. */
public final class PingKind implements CheckKind<PingCheck> {
    static final Scope SCOPE = Scope.check(PingCheck.KIND, Trait.CONNECTING);

    private static final Keyword<Statement> BLOCK =
            CheckKind.declare(PingCheck.KIND, SCOPE, "An ICMP echo request is answered.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<PingCheck> spec() {
        return PingCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        return context
                .targetWithoutPort(settings, block.origin())
                .map(target -> CheckDraft.probed(new PingCheck(target), settings))
                .stream()
                .toList();
    }
}
