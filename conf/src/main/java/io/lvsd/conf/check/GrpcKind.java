package io.lvsd.conf.check;

import io.lvsd.conf.check.http.HttpKeywords;
import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.check.tls.TlsReader;
import io.lvsd.conf.check.tls.TlsWriter;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.syntax.Statement;
import java.util.List;

/** GRPC_CHECK: the server reports SERVING by grpc.health.v1. */
public final class GrpcKind implements CheckKind<GrpcCheck> {
    static final Scope SCOPE = Scope.check(GrpcCheck.KIND, Trait.CONNECTING, Trait.TLS, Trait.OPTIONAL_TLS);

    private static final Keyword<Statement> BLOCK =
            CheckKind.declare(GrpcCheck.KIND, SCOPE, "The server reports SERVING by grpc.health.v1.");
    private static final Keyword<String> SERVICE =
            Keyword.of("service", SCOPE, TextTypes.text("NAME"), "the server as a whole", "Service to query.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<GrpcCheck> spec() {
        return GrpcCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE);
    }

    @Override
    public List<Keyword<?>> keywords() {
        return List.of(SERVICE);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        return context
                .target(settings, block.origin())
                .map(target -> CheckDraft.probed(
                        new GrpcCheck(
                                target,
                                new TlsReader(settings, context)
                                        .ifOn(context.inherited(settings, HttpKeywords.VIRTUALHOST)),
                                settings.get(SERVICE).orElse("")),
                        settings))
                .stream()
                .toList();
    }

    @Override
    public void write(GrpcCheck check, CheckOutput output) {
        check.tls().ifPresent(tls -> TlsWriter.writeOn(tls, output.block(), output.secrets()));
        output.block().putIf(!check.service().isEmpty(), SERVICE, check.service());
    }
}
