package io.lvsd.conf.convert;

import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.CheckKind;
import io.lvsd.conf.check.CheckKind.Definition;
import io.lvsd.conf.check.CheckKinds;
import io.lvsd.conf.check.CheckOutput;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.check.WeightFrom;
import io.lvsd.conf.check.http.HttpKeywords;
import io.lvsd.conf.check.http.WeightPart;
import io.lvsd.conf.check.probe.ProbeKeywords;
import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Secrets;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.CheckDefaults;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.Timing;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.ProbeAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The blocks of checks, with effective values, and the blocks that they refer to. */
final class CheckBlocks {
    private final Secrets secrets;

    CheckBlocks(Secrets secrets) {
        this.secrets = secrets;
    }

    /** The blocks of the top level, each once, sorted by keyword. */
    static List<Statement> definitions(DaemonConfig config) {
        Map<String, Definition> all = new LinkedHashMap<>();
        config.virtualServers().stream()
                .flatMap(vs -> vs.realServers().stream())
                .flatMap(rs -> rs.checks().stream())
                .flatMap(c -> CheckKinds.definition(c.spec()).stream())
                .forEach(d -> all.putIfAbsent(d.keyword().name() + " " + d.name(), d));
        BlockBuilder blocks = new BlockBuilder();
        all.values().stream()
                .sorted(Comparator.comparing(d -> d.keyword().name()))
                .forEach(d -> blocks.put(d.keyword(), d.block(), d.name()));
        return blocks.statements();
    }

    /**
     * Adds defaults of checks to the block of a server. Of a real server, only those that it does not inherit.
     *
     * @param inherited those of the virtual server; empty: the block is that of the virtual server
     */
    static void defaults(BlockBuilder server, CheckDefaults own, Optional<CheckDefaults> inherited) {
        own.virtualHost()
                .filter(_ -> differs(own, inherited, CheckDefaults::virtualHost))
                .ifPresent(host -> server.put(HttpKeywords.VIRTUALHOST, host));
        server.putIf(differs(own, inherited, CheckDefaults::alpha), ProbeKeywords.ALPHA, own.alpha());
        if (own.retry().isPresent() && differs(own, inherited, CheckDefaults::retry)) {
            long retry = own.retry().getAsLong();
            server.put(retry == 0 ? ProbeKeywords.FALL : ProbeKeywords.RETRY, Math.max(1, retry));
        }
        server.putIf(differs(own, inherited, CheckDefaults::delayLoop), ProbeKeywords.DELAY_LOOP, own.delayLoop())
                .putIf(
                        differs(own, inherited, CheckDefaults::connectTimeout),
                        ProbeKeywords.CONNECT_TIMEOUT,
                        own.connectTimeout());
        delay(server, ProbeKeywords.DELAY_BEFORE_RETRY, CheckDefaults::delayBeforeRetry, own, inherited);
        delay(server, ProbeKeywords.WARMUP, CheckDefaults::warmup, own, inherited);
    }

    private static boolean differs(
            CheckDefaults own, Optional<CheckDefaults> inherited, Function<CheckDefaults, Object> value) {
        return inherited.isEmpty() || !value.apply(own).equals(value.apply(inherited.get()));
    }

    /**
     * A time whose default is delay_loop, unless the level above sets it. The default is not written: a check without a warmup
     * would inherit it.
     */
    private static void delay(
            BlockBuilder server,
            Keyword<Duration> keyword,
            Function<CheckDefaults, Duration> time,
            CheckDefaults own,
            Optional<CheckDefaults> inherited) {
        Duration usual = inherited
                .filter(above -> !time.apply(above).equals(above.delayLoop()))
                .map(time)
                .orElse(own.delayLoop());
        server.putIf(!time.apply(own).equals(usual), keyword, time.apply(own));
    }

    /** Adds a check to the block of its real server. */
    void add(BlockBuilder server, CheckConfig check) {
        Optional<CheckKind<?>> kind = CheckKinds.of(check.spec());
        if (kind.isPresent()) {
            BlockBuilder block = new BlockBuilder();
            if (check.spec() instanceof CheckSpec.Remote remote) {
                target(block, remote.target());
            }
            if (check.spec() instanceof CheckSpec.Probed) {
                timing(block, check);
            }
            CheckKinds.write(
                    kind.get(),
                    check.spec(),
                    new CheckOutput(block, secrets, check.timing().delayLoop(), check.alpha()));
            server.put(kind.get().block(), block);
        } else if (check.spec() instanceof UnusableCheck lost) {
            server.leaveOut(lost.kind());
        }
    }

    private static void target(BlockBuilder block, ProbeAddress target) {
        block.put(ProbeKeywords.CONNECT_IP, target.realServer().orElse(target.address()))
                .putIf(target.port() != 0, ProbeKeywords.CONNECT_PORT, target.port());
        target.bindAddress().ifPresent(b -> block.put(ProbeKeywords.BINDTO, b));
        block.putIf(target.bindPort() != 0, ProbeKeywords.BIND_PORT, target.bindPort())
                .putIf(!target.bindInterface().isEmpty(), ProbeKeywords.BIND_IF, target.bindInterface())
                .putIf(target.mark() != 0 && target.realServer().isEmpty(), ProbeKeywords.CHECK_FWMARK, target.mark())
                .put(ProbeKeywords.CONNECT_TIMEOUT, target.deadline())
                .put(ProbeKeywords.TOTAL_TIMEOUT, target.total());
    }

    private static void timing(BlockBuilder block, CheckConfig check) {
        Timing timing = check.timing();
        block.put(ProbeKeywords.DELAY_LOOP, timing.delayLoop())
                .put(ProbeKeywords.CHECK_RETRY, timing.retry())
                .put(ProbeKeywords.DELAY_BEFORE_RETRY, timing.delayBeforeRetry());
        timing.warmup().ifPresent(w -> block.put(ProbeKeywords.WARMUP, w));
        block.putIf(timing.rise() != 1, ProbeKeywords.RISE, timing.rise());
        timing.fastInterval().ifPresent(f -> block.put(ProbeKeywords.FAST_INTERVAL, f));
        block.put(ProbeKeywords.ALPHA, check.alpha()).put(ProbeKeywords.LOG_ALL_FAILURES, check.logAllFailures());
    }

    /** The block {@code weight_from}, from the checks that were made of it. */
    void weightFrom(BlockBuilder server, List<CheckConfig> checks) {
        BlockBuilder block = new BlockBuilder();
        checks.stream()
                .filter(c -> c.spec() instanceof AgentCheck)
                .findFirst()
                .ifPresent(c -> agent(block, (AgentCheck) c.spec(), c.timing()));
        checks.stream()
                .flatMap(c -> c.spec() instanceof HttpCheck http ? http.urls().stream() : null)
                .flatMap(u -> u.weight().stream())
                .findFirst()
                .ifPresent(part -> {
                    switch (part) {
                        case WeightPart.Header(var name) -> block.put(WeightFrom.HEADER, name);
                        case WeightPart.Json(var pointer) -> block.put(WeightFrom.JSON, pointer);
                    }
                });
        checks.stream()
                .flatMap(c -> c.smoothing().stream())
                .findFirst()
                .ifPresent(s -> server.put(
                        WeightFrom.BLOCK,
                        block.put(WeightFrom.SMOOTHING, s.step())
                                .put(WeightFrom.FLOOR, s.floor())
                                .put(WeightFrom.CEILING, s.ceiling())));
    }

    private void agent(BlockBuilder block, AgentCheck agent, Timing timing) {
        block.put(WeightFrom.AGENT, agent.target().port())
                .put(ProbeKeywords.CONNECT_TIMEOUT, agent.target().deadline())
                .put(ProbeKeywords.TOTAL_TIMEOUT, agent.target().total())
                .putIf(!agent.send().isEmpty(), WeightFrom.AGENT_SEND, secrets.text(agent.send()))
                .put(ProbeKeywords.DELAY_LOOP, timing.delayLoop());
    }
}
