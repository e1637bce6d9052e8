package io.lvsd.conf.load;

import io.lvsd.conf.check.CheckDraft;
import io.lvsd.conf.check.CheckKind;
import io.lvsd.conf.check.CheckKinds;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.check.WeightFrom;
import io.lvsd.conf.check.http.HttpKeywords;
import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.check.probe.ProbeKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.CheckConfig.Smoothing;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.Timing;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.source.ProgramReference;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.BfdInstance;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.ProbePath;
import io.lvsd.conf.value.RunAs;
import io.lvsd.conf.value.TrackFile;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The checks of one real server. A value comes from the check, else the real server, the virtual server, the lvsd block. */
final class CheckBuilder implements CheckContext {
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** Of a check that is not probed. */
    private static final Timing PASSIVE = new Timing(CheckLevels.DEFAULT_DELAY_LOOP, 0, SECOND, Optional.empty());

    private final Settings realServer;
    private final List<Settings> levels;
    private final Definitions definitions;
    private final ProbeTargets targets;
    private final Optional<Settings> weightFrom;
    private final RsId server;
    private final List<ProgramReference> programs = new ArrayList<>();
    private final Problems problems;

    CheckBuilder(
            Settings realServer,
            Settings virtualServer,
            Settings lvsd,
            Definitions definitions,
            InetAddress address,
            int port,
            RsId server,
            Optional<ProbePath> path,
            Problems problems) {
        this.realServer = realServer;
        this.levels = List.of(realServer, virtualServer, lvsd);
        this.definitions = definitions;
        this.server = server;
        this.problems = problems;
        this.targets = new ProbeTargets(this, address, port, path);
        this.weightFrom = readWeightFrom();
    }

    /** Those of the levels above were validated there. */
    private Optional<Settings> readWeightFrom() {
        boolean own = realServer.mentions(WeightFrom.BLOCK);
        return inherited(WeightFrom.BLOCK)
                .map(s -> Language.read(Scope.WEIGHT_FROM, ConfigBuilder.blockOf(s), own ? problems : new Problems()));
    }

    /** Every check, kind by kind. */
    List<CheckConfig> all() {
        List<CheckConfig> checks = new ArrayList<>();
        for (CheckKind<?> kind : CheckKinds.ALL) {
            for (Statement block : realServer.all(kind.block())) {
                for (CheckDraft draft : kind.read(block, this)) {
                    program(draft);
                    checks.add(config(draft));
                }
            }
        }
        weightFrom.ifPresent(w -> new AgentBuilder(this, w, targets).add(checks));
        return checks;
    }

    /** The programs of the checks that {@link #all} returned. */
    List<ProgramReference> programs() {
        return programs;
    }

    private void program(CheckDraft draft) {
        if (draft.spec() instanceof MiscCheck misc) {
            programs.add(new ProgramReference(
                    "misc_path of " + server,
                    misc.argv().getFirst(),
                    draft.origin().orElse(Origin.ofFile("")),
                    true));
        }
    }

    private CheckConfig config(CheckDraft draft) {
        boolean alpha =
                draft.settings().flatMap(s -> inherited(s, ProbeKeywords.ALPHA)).orElse(false);
        if (draft.retry().isEmpty()) {
            return new CheckConfig(draft.spec(), PASSIVE, alpha, false);
        }
        Settings settings = draft.settings().orElseThrow();
        return new CheckConfig(
                draft.spec(),
                timing(settings, draft.retry().get()),
                alpha,
                settings.get(ProbeKeywords.LOG_ALL_FAILURES).orElse(definitions.logAllFailures()),
                smoothing(draft));
    }

    private Optional<Smoothing> smoothing(CheckDraft draft) {
        boolean weighted = draft.spec() instanceof HttpCheck http
                && http.urls().stream().anyMatch(u -> u.weight().isPresent());
        return weighted ? weightFrom.map(AgentBuilder::smoothing) : Optional.empty();
    }

    private Timing timing(Settings check, CheckDraft.RetryDefaults defaults) {
        return new Timing(
                delayLoop(check),
                retries(check).orElse(defaults.retry()),
                inherited(check, ProbeKeywords.DELAY_BEFORE_RETRY).orElse(defaults.delay()),
                inherited(check, ProbeKeywords.WARMUP),
                inherited(check, ProbeKeywords.RISE).orElse(1L).intValue(),
                inherited(check, ProbeKeywords.FAST_INTERVAL));
    }

    /** A fall of n is n - 1 retries; at each level it has priority over them. */
    private Optional<Long> retries(Settings check) {
        return CheckLevels.fall(check)
                .or(() -> check.get(ProbeKeywords.CHECK_RETRY))
                .or(() -> check.get(HttpKeywords.NB_GET_RETRY))
                .or(() -> CheckLevels.retries(levels));
    }

    // ---- what checks share

    @Override
    public Problems problems() {
        return problems;
    }

    @Override
    public Settings read(Scope scope, Statement block) {
        return Language.read(scope, ConfigBuilder.blockOf(block), problems);
    }

    @Override
    public List<Settings> levels() {
        return levels;
    }

    @Override
    public Optional<ProbeAddress> target(Settings check, Origin origin) {
        return targets.target(check, origin);
    }

    @Override
    public Optional<ProbeAddress> targetWithoutPort(Settings check, Origin origin) {
        return targets.target(check, origin, 0);
    }

    @Override
    public Duration delayLoop(Settings check) {
        return inherited(check, ProbeKeywords.DELAY_LOOP).orElse(CheckLevels.DEFAULT_DELAY_LOOP);
    }

    @Override
    public Optional<Settings> ssl() {
        return definitions.ssl();
    }

    @Override
    public Optional<Settings> weightFrom() {
        return weightFrom;
    }

    @Override
    public Optional<TrackFile> trackFile(String name) {
        return definitions.file(name);
    }

    @Override
    public Optional<BfdInstance> bfdInstance(String name) {
        return definitions.session(name);
    }

    @Override
    public Optional<RunAs> scriptUser(Optional<RunAs> own) {
        return definitions.scriptUser(own);
    }
}
