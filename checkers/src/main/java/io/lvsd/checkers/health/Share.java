package io.lvsd.checkers.health;

import io.lvsd.checkers.Wish;
import io.lvsd.conf.model.CheckConfig.Smoothing;

/**
 * What a server has said about its own weight, taken together.
 *
 * @param percent of the configured weight
 * @param mode what it is ready for
 * @param up whether it says so
 */
public record Share(int percent, Wish.Mode mode, boolean up) {
    /** Nothing was said. */
    public static final Share FULL = new Share(100, Wish.Mode.READY, true);

    /** After one more word: within floor and ceiling, and no faster than a step at a time. */
    public Share after(Wish wish, Smoothing smoothing) {
        int next = percent;
        if (wish.percent().isPresent()) {
            int wanted = Math.clamp(wish.percent().getAsInt(), smoothing.floor(), smoothing.ceiling());
            next = Math.clamp(wanted, percent - smoothing.step(), percent + smoothing.step());
        }
        Share share = new Share(next, wish.mode().orElse(mode), wish.up().orElse(up));
        return share.equals(this) ? this : share;
    }

    /** Whether the server says that it must not be used at all. */
    public boolean out() {
        return !up || mode == Wish.Mode.MAINT;
    }

    /** The share of a weight: 0 while it drains, else at least 1 of any but 0 if a percentage above 0 is wanted. */
    public long of(long weight) {
        if (mode == Wish.Mode.DRAIN) {
            return 0;
        }
        long share = (weight * percent + 50) / 100;
        return share == 0 && weight > 0 && percent > 0 ? 1 : share;
    }
}
