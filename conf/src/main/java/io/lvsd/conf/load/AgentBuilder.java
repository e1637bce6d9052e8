package io.lvsd.conf.load;

import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.WeightFrom;
import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.CheckConfig.Smoothing;
import io.lvsd.conf.model.Timing;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The block {@code weight_from} of one real server. */
final class AgentBuilder {
    private final CheckContext context;
    private final Settings settings;
    private final ProbeTargets targets;

    AgentBuilder(CheckContext context, Settings settings, ProbeTargets targets) {
        this.context = context;
        this.settings = settings;
        this.targets = targets;
    }

    static Smoothing smoothing(Settings settings) {
        return new Smoothing(
                settings.get(WeightFrom.SMOOTHING).orElse(100L).intValue(),
                settings.get(WeightFrom.FLOOR).orElse(0L).intValue(),
                settings.get(WeightFrom.CEILING).orElse(100L).intValue());
    }

    /** Adds the check of the agent, if there is one, to the other checks. */
    void add(List<CheckConfig> checks) {
        Statement block = context.inherited(WeightFrom.BLOCK).orElseThrow();
        Optional<Long> port = settings.get(WeightFrom.AGENT);
        validate(block, port.isPresent(), checks);
        port.ifPresent(p -> checks.add(new CheckConfig(
                new AgentCheck(
                        targets.agent(settings, p.intValue()),
                        settings.get(WeightFrom.AGENT_SEND).orElse("")),
                new Timing(context.delayLoop(settings), 0, Duration.ofSeconds(1), Optional.empty()),
                false,
                false,
                Optional.of(smoothing(settings)))));
    }

    private void validate(Statement block, boolean agent, List<CheckConfig> checks) {
        Problems problems = context.problems();
        boolean part = WeightFrom.part(settings).isPresent();
        if (!part && !agent) {
            problems.error(
                    block.origin(), "'weight_from' names no source", "add: agent PORT, header NAME or json FIELD");
        }
        boolean ofServers = context.levels().stream().limit(2).anyMatch(l -> l.mentions(WeightFrom.BLOCK));
        if (part && ofServers && checks.stream().noneMatch(c -> c.spec() instanceof HttpCheck)) {
            problems.error(
                    block.origin(),
                    "'weight_from' requires HTTP responses, and this real server has no HTTP_GET or SSL_GET",
                    "add one, or use: agent PORT");
        }
    }
}
