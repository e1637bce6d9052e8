package io.lvsd.core.control;

import io.lvsd.core.control.NameLookup.UnknownException;
import io.lvsd.core.daemon.Daemon;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.PercentEncoding;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsOverride.Mode;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code drain}, {@code disable}, {@code enable} and {@code weight}: what they ask of a daemon, and what it says. */
final class Overrides {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int FORCE = 3;

    private final Daemon daemon;

    Overrides(Daemon daemon) {
        this.daemon = daemon;
    }

    /** {@code COMMAND VS RS [VALUE] [force]}, VS as one of {@link PercentEncoding}. */
    Reply handle(List<String> words) {
        if (words.size() < FORCE) {
            return new Reply(USAGE, "which virtual server, and which real server?\n");
        }
        try {
            EngineState state = daemon.state();
            VsState server = NameLookup.virtualServer(state, PercentEncoding.text(words.get(1)));
            RsRef ref = NameLookup.realServer(server, words.get(2));
            RsState rs = server.realServer(ref.rs()).orElseThrow();
            if (words.getFirst().equals("drained")) {
                return progress(state, server, rs);
            }
            RsOverride said = said(rs.override(), words);
            RsState after = rs.with(said);
            if (!words.getLast().equals("force") && server.losesLastLive(after)) {
                return new Reply(
                        FAILED,
                        ref.rs() + " is the last live server of " + ref.vs()
                                + "; if that is meant, say --force. Nothing was changed\n");
            }
            daemon.override(ref, said);
            return new Reply(DONE, describe(ref, said));
        } catch (UnknownException e) {
            return new Reply(USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static RsOverride said(RsOverride before, List<String> words) {
        Optional<Long> value = words.size() > FORCE && words.get(FORCE).matches("\\d{1,10}")
                ? Optional.of(Long.parseLong(words.get(FORCE)))
                : Optional.empty();
        return switch (words.getFirst()) {
            case "drain" -> before.drained(value.map(Duration::ofSeconds));
            case "disable" -> before.disabled();
            case "enable" -> before.enabled();
            default -> before.withWeight(value);
        };
    }

    private static String describe(RsRef server, RsOverride said) {
        return server.rs() + " of " + server.vs() + ": "
                + said.mode().name().toLowerCase(Locale.ROOT)
                + said.weight().map(w -> ", weight " + w).orElse("") + "\n";
    }

    /** How many connections a server that is being drained still has, and 0 as soon as it has left. */
    private static Reply progress(EngineState state, VsState server, RsState rs) {
        if (rs.override().mode() != Mode.DRAINED) {
            return new Reply(FAILED, rs.config().id() + " is not being drained any more\n");
        }
        long active = 0;
        boolean left = true;
        for (ServiceKey key : Translation.keys(server.config())) {
            ServiceState service = state.table().actual().get(key);
            DestinationState found =
                    service == null ? null : service.destinations().get(DesiredState.key(key, rs.config()));
            if (found != null) {
                active += found.active();
                left &= found.config().weight() == 0
                        && found.active() == 0
                        && rs.config().inhibitOnFailure();
            }
        }
        return new Reply(DONE, left ? "drained\n" : active + "\n");
    }
}
