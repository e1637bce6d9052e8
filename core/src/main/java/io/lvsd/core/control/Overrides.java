package io.lvsd.core.control;

import io.lvsd.core.control.NameLookup.LookupException;
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

/** Carries out {@code drain}, {@code disable}, {@code enable} and {@code weight}. */
final class Overrides {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int VALUE = 3;

    private final Daemon daemon;

    Overrides(Daemon daemon) {
        this.daemon = daemon;
    }

    /** {@code COMMAND VS RS [VALUE] [force]}, with VS in {@link PercentEncoding}. */
    Reply handle(List<String> words) {
        if (words.size() < VALUE) {
            return new Reply(USAGE, "expected a virtual server and a real server\n");
        }
        try {
            EngineState state = daemon.state();
            VsState server = NameLookup.virtualServer(state, PercentEncoding.text(words.get(1)));
            RsRef ref = NameLookup.realServer(server, words.get(2));
            RsState rs = server.realServer(ref.rs()).orElseThrow();
            if (words.getFirst().equals("drain-progress")) {
                return progress(state, server, rs);
            }
            RsOverride override = requested(rs.override(), words);
            RsState after = rs.with(override);
            if (!words.getLast().equals("force") && server.losesLastLive(after)) {
                return new Reply(
                        FAILED,
                        ref.rs() + " is the last live server of " + ref.vs()
                                + "; nothing was changed. To proceed, use --force\n");
            }
            daemon.override(ref, override);
            return new Reply(DONE, describe(ref, override));
        } catch (LookupException e) {
            return new Reply(USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static RsOverride requested(RsOverride before, List<String> words) {
        Optional<Long> value = words.size() > VALUE && words.get(VALUE).matches("\\d{1,10}")
                ? Optional.of(Long.parseLong(words.get(VALUE)))
                : Optional.empty();
        return switch (words.getFirst()) {
            case "drain" -> before.drained(value.map(Duration::ofSeconds));
            case "disable" -> before.disabled();
            case "enable" -> before.enabled();
            default -> before.withWeight(value);
        };
    }

    private static String describe(RsRef server, RsOverride override) {
        return server.rs() + " of " + server.vs() + ": "
                + override.mode().name().toLowerCase(Locale.ROOT)
                + override.weight().map(w -> ", weight " + w).orElse("") + "\n";
    }

    /** The number of active connections of a draining server, or {@code drained} once it is removed. */
    private static Reply progress(EngineState state, VsState server, RsState rs) {
        if (rs.override().mode() != Mode.DRAINED) {
            return new Reply(FAILED, rs.config().id() + " is no longer draining\n");
        }
        long active = 0;
        boolean drained = true;
        for (ServiceKey key : Translation.keys(server.config())) {
            ServiceState service = state.table().actual().get(key);
            DestinationState found =
                    service == null ? null : service.destinations().get(DesiredState.key(key, rs.config()));
            if (found != null) {
                active += found.active();
                drained &= found.config().weight() == 0
                        && found.active() == 0
                        && rs.config().inhibitOnFailure();
            }
        }
        return new Reply(DONE, drained ? "drained\n" : active + "\n");
    }
}
