package io.lvsd.checkers.health;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.conf.model.CheckConfig.Smoothing;

/**
 * The weight that follows from all replies of an agent.
 *
 * @param percent of the configured weight
 * @param mode the latest one
 * @param up whether the agent reports the server as up
 */
public record AgentWeight(int percent, AgentReply.Mode mode, boolean up) {
    /** Without a reply. */
    public static final AgentWeight FULL = new AgentWeight(100, AgentReply.Mode.READY, true);

    /** After one more reply: within floor and ceiling, and by no more than one step. */
    public AgentWeight after(AgentReply reply, Smoothing smoothing) {
        int next = percent;
        if (reply.percent().isPresent()) {
            int target = Math.clamp(reply.percent().getAsInt(), smoothing.floor(), smoothing.ceiling());
            next = Math.clamp(target, percent - smoothing.step(), percent + smoothing.step());
        }
        AgentWeight changed =
                new AgentWeight(next, reply.mode().orElse(mode), reply.up().orElse(up));
        return changed.equals(this) ? this : changed;
    }

    /** Whether the server must not be used at all. */
    public boolean isOut() {
        return !up || mode == AgentReply.Mode.MAINT;
    }

    /** This part of a weight: 0 while the server drains; else at least 1, unless the weight or the percentage is 0. */
    public long of(long weight) {
        if (mode == AgentReply.Mode.DRAIN) {
            return 0;
        }
        long part = (weight * percent + 50) / 100;
        return part == 0 && weight > 0 && percent > 0 ? 1 : part;
    }
}
