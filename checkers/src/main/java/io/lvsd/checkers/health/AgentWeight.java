package io.lvsd.checkers.health;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.conf.model.CheckConfig.Smoothing;
import java.util.Locale;
import java.util.Optional;

/**
 * The weight that follows from all replies of an agent.
 *
 * @param percent of the configured weight
 * @param mode the latest one
 * @param up whether the agent reports the server as up
 */
public record AgentWeight(int percent, AgentReply.Mode mode, boolean up) {
    /** Why the server's agent takes the server out of service, as a fixed set for logs. */
    public enum Outage {
        /** The agent reports the server as down. */
        AGENT_DOWN("down"),
        /** The agent reports maintenance. */
        AGENT_MAINT("maint");

        private final String reply;

        Outage(String reply) {
            this.reply = reply;
        }

        /** The word of the reply that began it. */
        public String reply() {
            return reply;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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

    /** Why the server must not be used. */
    public Optional<Outage> outage() {
        if (!up) {
            return Optional.of(Outage.AGENT_DOWN);
        }
        return mode == AgentReply.Mode.MAINT ? Optional.of(Outage.AGENT_MAINT) : Optional.empty();
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
