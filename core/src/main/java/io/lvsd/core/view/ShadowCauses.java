package io.lvsd.core.view;

import io.lvsd.core.engine.ShadowTable.Open;
import io.lvsd.core.engine.ShadowTable.Side;
import io.lvsd.core.engine.StateChanges.Change;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsOverride.Mode;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.TableDifference.Subject;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/** The likely causes of differences in shadow mode, in words. Pure. */
final class ShadowCauses {
    private final StatusInput in;
    private final String other;

    ShadowCauses(StatusInput in) {
        this.in = in;
        this.other = ShadowReports.other(in);
    }

    /** What the first side did, and how the other side sees it. */
    String of(Open open) {
        Subject subject = open.difference().subject();
        if (subject.destination().isEmpty()) {
            return switch (open.difference().kind()) {
                case MISSING ->
                    other + " has no such service" + (open.first() == Side.OTHER ? " since " + age(open) : "");
                case EXTRA, WEIGHT, SETTINGS -> "the service is configured differently there";
            };
        }
        return other(open, subject.destination().get()) + "; "
                + here(subject.service(), subject.destination().get());
    }

    private String other(Open open, DestinationKey destination) {
        boolean theirs = open.first() == Side.OTHER;
        return switch (open.difference().kind()) {
            case MISSING ->
                theirs
                        ? other + " removed " + destination + " " + age(open) + " ago"
                        : other + " has not added " + destination + " for " + age(open);
            case EXTRA ->
                theirs
                        ? other + " added " + destination + " " + age(open) + " ago"
                        : other + " has not removed " + destination + " for " + age(open);
            case WEIGHT ->
                theirs
                        ? other + " changed the weight of " + destination + " " + age(open) + " ago"
                        : other + " uses another weight for " + destination + " for " + age(open);
            case SETTINGS -> other + " uses another forwarding method for " + destination;
        };
    }

    private String age(Open open) {
        return Durations.text(in.now().since(open.since()));
    }

    /** The state of a destination here. */
    private String here(ServiceKey service, DestinationKey destination) {
        for (VsState vs : in.state().servers().values()) {
            if (!Translation.keys(vs.config()).contains(service)) {
                continue;
            }
            Optional<RsState> found = vs.realServers().stream()
                    .filter(rs -> DesiredState.key(service, rs.config()).equals(destination))
                    .findFirst();
            return found.map(rs -> here(vs, rs)).orElseGet(() -> sorry(vs, destination));
        }
        return "the service is not configured here";
    }

    private String sorry(VsState vs, DestinationKey destination) {
        boolean isSorry = vs.config()
                        .sorry()
                        .filter(s -> s.id().toString().equals(destination.toString()))
                        .isPresent()
                || in.state().sorry().inUse(vs).values().stream()
                        .anyMatch(d -> d.key().equals(destination));
        return isSorry ? "it is the sorry server here; " + QuorumText.of(vs) : "no such real server is configured here";
    }

    private String here(VsState vs, RsState rs) {
        if (rs.override().mode() != Mode.ENABLED || rs.override().weight().isPresent()) {
            return "an override applies here";
        }
        String since = since(vs, rs);
        if (!rs.known()) {
            return "its checks have no result here yet";
        }
        if (!rs.alive()) {
            return "it has been down here for " + since + ": "
                    + rs.checks().stream()
                            .filter(c -> !c.up())
                            .map(ShadowCauses::failure)
                            .collect(Collectors.joining(", "));
        }
        if (!in.state().sorry().inUse(vs).isEmpty()) {
            return "it is up here, and the quorum is lost: " + QuorumText.of(vs);
        }
        if (rs.checks().isEmpty()) {
            return "it has no checks here";
        }
        return rs.checks().stream().map(c -> c.config().kind()).distinct().collect(Collectors.joining(", "))
                + (rs.checks().size() == 1 ? " has passed here for " : " have passed here for ")
                + since;
    }

    private static String failure(CheckState check) {
        return check.config().kind()
                + StatusTerms.reason(check).map(r -> " (" + r + ")").orElse("");
    }

    private String since(VsState vs, RsState rs) {
        Change change = in.state()
                .changes()
                .realServers()
                .get(new RsRef(vs.config().id(), rs.config().id()));
        return Durations.text(
                Duration.between(ServerReports.since(in, change), in.now().wall()));
    }
}
