package io.lvsd.conf.check;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.syntax.Statement;
import java.util.List;

/** TCP_CHECK: a TCP connection is established. */
public final class TcpKind implements CheckKind<TcpCheck> {
    static final Scope SCOPE = Scope.check(TcpCheck.KIND, Trait.CONNECTING);

    private static final Keyword<Statement> BLOCK =
            CheckKind.declare(TcpCheck.KIND, SCOPE, "A TCP connection is established.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<TcpCheck> spec() {
        return TcpCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        return context
                .target(settings, block.origin())
                .map(target -> CheckDraft.probed(new TcpCheck(target), settings))
                .stream()
                .toList();
    }
}
