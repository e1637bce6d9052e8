package io.lvsd.core.view;

import io.lvsd.core.model.VsState;

/** The calculation of a quorum in words. */
final class QuorumText {
    private QuorumText() {}

    static String of(VsState vs) {
        long quorum = vs.config().quorum();
        long hysteresis = vs.config().hysteresis();
        String parts = "quorum " + quorum + (hysteresis == 0 ? "" : ", hysteresis " + hysteresis);
        if (!vs.quorumUp()) {
            return "live " + vs.liveWeight() + ", needs " + (quorum + hysteresis) + " to come up: " + parts;
        }
        long least = Math.max(1, quorum - hysteresis);
        return "live " + vs.liveWeight() + ", goes down below " + least + ": " + parts;
    }
}
