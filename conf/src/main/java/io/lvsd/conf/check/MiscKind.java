package io.lvsd.conf.check;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Script;
import io.lvsd.conf.keyword.ScriptTypes;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.TimeTypes;
import io.lvsd.conf.syntax.ScriptWords;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.RunAs;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** MISC_CHECK: a script exits with status 0. */
public final class MiscKind implements CheckKind<MiscCheck> {
    static final Scope SCOPE = Scope.check(MiscCheck.KIND);

    private static final Keyword<Statement> BLOCK =
            CheckKind.declare(MiscCheck.KIND, SCOPE, "A script exits with status 0.");
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final Keyword<Script> PATH =
            Keyword.required("misc_path", SCOPE, ScriptTypes.command(), "Program and its arguments, in quotes.");
    private static final Keyword<Long> TIMEOUT = Keyword.of(
            "misc_timeout",
            SCOPE,
            TimeTypes.lenientWholeTime(ChronoUnit.SECONDS, 0, 4_294),
            "delay_loop",
            "Timeout after which the script is killed.");
    private static final Keyword<Boolean> DYNAMIC = Keyword.of(
            "misc_dynamic", SCOPE, TextTypes.flag(), "off", "Exit status 2 to 255 passes and is the weight plus 2.");
    private static final Keyword<RunAs> USER =
            Keyword.of("user", SCOPE, ScriptTypes.account(), "script_user", "User and group that the script runs as.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<MiscCheck> spec() {
        return MiscCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE);
    }

    @Override
    public List<Keyword<?>> keywords() {
        return List.of(PATH, TIMEOUT, DYNAMIC, USER);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        return settings
                .required(PATH, block, context.problems())
                .map(script -> CheckDraft.probed(
                                new MiscCheck(
                                        script.argv(),
                                        settings.get(TIMEOUT)
                                                .filter(s -> s > 0)
                                                .map(Duration::ofSeconds)
                                                .orElse(context.delayLoop(settings)),
                                        settings.isOn(DYNAMIC),
                                        context.scriptUser(settings.get(USER))),
                                settings,
                                0,
                                RETRY_DELAY)
                        .at(script.origin()))
                .stream()
                .toList();
    }

    @Override
    public void write(MiscCheck check, CheckOutput output) {
        output.block()
                .put(PATH, ScriptWords.commandLine(check.argv()))
                .putIf(
                        !check.timeout().equals(output.delayLoop()),
                        TIMEOUT,
                        check.timeout().toSeconds())
                .put(DYNAMIC, check.dynamic());
        check.user()
                .ifPresent(u -> output.block().put(USER, ScriptTypes.words(u).toArray()));
    }
}
