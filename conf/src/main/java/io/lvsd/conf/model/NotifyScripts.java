package io.lvsd.conf.model;

import io.lvsd.conf.value.Program;
import java.util.Optional;

/**
 * Notifications of the state of a real or virtual server.
 *
 * @param up run when the real server comes up, or the quorum is regained
 * @param down run when it goes down, or the quorum is lost
 * @param mail whether there is mail, if mail is configured at all
 */
public record NotifyScripts(Optional<Program> up, Optional<Program> down, boolean mail) {
    public static final NotifyScripts NONE = new NotifyScripts(Optional.empty(), Optional.empty(), false);

    public Optional<Program> of(boolean isUp) {
        return isUp ? up : down;
    }
}
