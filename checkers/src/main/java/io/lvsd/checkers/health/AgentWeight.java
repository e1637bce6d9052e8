package io.lvsd.checkers.health;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.conf.model.CheckConfig.Smoothing;

/**
 * What a server has said about its own weight, taken together.
 *
 * @param percent of the configured weight
 * @param mode what it is ready for
 * @param up whether it says so
 */
public record AgentWeight(int percent, AgentReply.Mode mode, boolean up) {
    /** Nothing was said. */
    public static final AgentWeight FULL = new AgentWeight(100, AgentReply.Mode.READY, true);

    /** After one more word: within floor and ceiling, and no faster than a step at a time. */
    public AgentWeight after(AgentReply wish, Smoothing smoothing) {
        int next = percent;
        if (wish.percent().isPresent()) {
            int wanted = Math.clamp(wish.percent().getAsInt(), smoothing.floor(), smoothing.ceiling());
            next = Math.clamp(wanted, percent - smoothing.step(), percent + smoothing.step());
        }
        AgentWeight share =
                new AgentWeight(next, wish.mode().orElse(mode), wish.up().orElse(up));
        return share.equals(this) ? this : share;
    }

    /** Whether the server says that it must not be used at all. */
    public boolean out() {
        return !up || mode == AgentReply.Mode.MAINT;
    }

    /** The share of a weight: 0 while it drains, else at least 1 of any but 0 if a percentage above 0 is wanted. */
    public long of(long weight) {
        if (mode == AgentReply.Mode.DRAIN) {
            return 0;
        }
        long share = (weight * percent + 50) / 100;
        return share == 0 && weight > 0 && percent > 0 ? 1 : share;
    }
}
