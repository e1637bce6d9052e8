package io.lvsd.conf.check;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.keyword.BlockTypes;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.syntax.Statement;
import java.util.ArrayList;
import java.util.List;

/** SMTP_CHECK: a mail server sends its greeting and answers HELO. */
public final class SmtpKind implements CheckKind<SmtpCheck> {
    static final Scope SCOPE = Scope.check(SmtpCheck.KIND, Trait.CONNECTING);

    private static final Keyword<Statement> BLOCK =
            CheckKind.declare(SmtpCheck.KIND, SCOPE, "A mail server sends its greeting and answers HELO.");
    private static final String DEFAULT_HELO = "smtpchecker.keepalived.org";
    private static final Scope HOST =
            Scope.titled("SMTP_HOST", "SMTP_CHECK { host { } }", Trait.PROBED, Trait.CONNECTING);
    private static final Keyword<String> HELO_NAME =
            Keyword.of("helo_name", SCOPE, TextTypes.text("NAME"), DEFAULT_HELO, "Name in HELO.");
    private static final Keyword<Statement> HOST_BLOCK = Keyword.of(
            "host",
            SCOPE,
            BlockTypes.block(HOST, Shape.Simple.OBJECTS),
            "none",
            "Deprecated: another check with its own address.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<SmtpCheck> spec() {
        return SmtpCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE, HOST);
    }

    @Override
    public List<Keyword<?>> keywords() {
        return List.of(HELO_NAME, HOST_BLOCK);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        String helo = settings.get(HELO_NAME).orElse(DEFAULT_HELO);
        List<CheckDraft> checks = new ArrayList<>();
        context.target(settings, block.origin())
                .ifPresent(target -> checks.add(CheckDraft.probed(new SmtpCheck(target, helo), settings)));
        for (Statement host : settings.all(HOST_BLOCK)) {
            context.problems()
                    .warning(host.origin(), "'host' is deprecated", "write a second SMTP_CHECK with connect_ip");
            Settings own = context.read(HOST, host);
            context.target(own, host.origin())
                    .ifPresent(
                            target -> checks.add(CheckDraft.probed(new SmtpCheck(target, helo), own.over(settings))));
        }
        return checks;
    }

    @Override
    public void write(SmtpCheck check, CheckOutput output) {
        output.block().put(HELO_NAME, check.heloName());
    }
}
