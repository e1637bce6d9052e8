package io.lvsd.conf.check;

import io.lvsd.conf.check.http.HttpKeywords;
import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.check.service.ServiceType;
import io.lvsd.conf.check.tls.TlsKeywords;
import io.lvsd.conf.check.tls.TlsReader;
import io.lvsd.conf.check.tls.TlsWriter;
import io.lvsd.conf.keyword.FunctionType;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Tls;
import java.util.List;
import java.util.Optional;

/** SERVICE_CHECK: a server of a known type reports that it is ready. */
public final class ServiceKind implements CheckKind<ServiceCheck> {
    static final Scope SCOPE = Scope.check(ServiceCheck.KIND, Trait.CONNECTING, Trait.TLS, Trait.OPTIONAL_TLS);

    private static final Keyword<Statement> BLOCK =
            CheckKind.declare(ServiceCheck.KIND, SCOPE, "A server of a known type reports that it is ready.");
    private static final Keyword<ServiceType> TYPE = Keyword.required("type", SCOPE, types(), "Type of the server.");
    private static final Keyword<String> USER =
            Keyword.of("user", SCOPE, TextTypes.text("NAME"), "lvsd", "User name for databases and RADIUS.");
    private static final Keyword<String> DATABASE =
            Keyword.of("database", SCOPE, TextTypes.text("NAME"), "the user's", "Database of PostgreSQL.");
    private static final Keyword<String> SECRET =
            Keyword.of("secret", SCOPE, TextTypes.text("PASSWORD"), "none", "Shared secret of RADIUS.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<ServiceCheck> spec() {
        return ServiceCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE);
    }

    @Override
    public List<Keyword<?>> keywords() {
        return List.of(TYPE, USER, DATABASE, SECRET);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        Optional<ServiceType> type =
                settings.required(TYPE, block, context.problems()).filter(t -> isUsable(t, settings, block, context));
        return type
                .flatMap(t -> context.target(settings, block.origin())
                        .map(target -> CheckDraft.probed(
                                new ServiceCheck(
                                        target,
                                        t,
                                        tls(t, settings, context),
                                        settings.get(USER),
                                        settings.get(DATABASE),
                                        settings.get(SECRET)),
                                settings)))
                .stream()
                .toList();
    }

    @Override
    public void write(ServiceCheck check, CheckOutput output) {
        output.block().put(TYPE, check.type().word());
        check.tls().ifPresent(tls -> TlsWriter.writeOn(tls, output.block(), output.secrets()));
        check.user().ifPresent(v -> output.block().put(USER, v));
        check.database().ifPresent(v -> output.block().put(DATABASE, v));
        check.secret()
                .ifPresent(v -> output.block().put(SECRET, output.secrets().text(v)));
    }

    private static FunctionType<ServiceType> types() {
        return TextTypes.mapped(ServiceType.words());
    }

    private static boolean isUsable(ServiceType type, Settings settings, Statement block, CheckContext context) {
        if (type.needsSecret() && !settings.mentions(SECRET)) {
            context.problems()
                    .error(
                            block.origin(),
                            "type " + type.word() + " requires 'secret', the check is dropped",
                            "add: secret TEXT");
            return false;
        }
        if (type.isUdp() && settings.isOn(TlsKeywords.TLS_ON)) {
            context.problems()
                    .error(
                            settings.originOf(TlsKeywords.TLS_ON, block.origin()),
                            "type " + type.word() + " uses UDP, tls is ignored");
        }
        return true;
    }

    private static Optional<Tls> tls(ServiceType type, Settings settings, CheckContext context) {
        return type.isUdp()
                ? Optional.empty()
                : new TlsReader(settings, context).ifOn(context.inherited(settings, HttpKeywords.VIRTUALHOST));
    }
}
