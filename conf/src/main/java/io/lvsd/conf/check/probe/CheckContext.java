package io.lvsd.conf.check.probe;

import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.BfdInstance;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.RunAs;
import io.lvsd.conf.value.TrackFile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The surroundings of the checks of one real server. */
public interface CheckContext {
    Problems problems();

    /** Reads a block; its problems are reported. */
    Settings read(Scope scope, Statement block);

    /** The blocks whose values a check inherits, the nearest first. */
    List<Settings> levels();

    /** The value of the check, else the nearest inherited one. */
    default <T> Optional<T> inherited(Settings check, Keyword<T> keyword) {
        return check.get(keyword).or(() -> inherited(keyword));
    }

    /** The nearest value around the check. */
    default <T> Optional<T> inherited(Keyword<T> keyword) {
        return levels().stream().flatMap(l -> l.get(keyword).stream()).findFirst();
    }

    /** What the check connects to; empty, with the reason reported, if the check is dropped. */
    Optional<ProbeAddress> target(Settings check, Origin origin);

    /** As {@link #target}, of a protocol without ports. */
    Optional<ProbeAddress> targetWithoutPort(Settings check, Origin origin);

    Duration delayLoop(Settings check);

    /** The block {@code SSL}, if there is one. */
    Optional<Settings> ssl();

    /** The block {@code weight_from} that applies to the real server. */
    Optional<Settings> weightFrom();

    Optional<TrackFile> trackFile(String name);

    Optional<BfdInstance> bfdInstance(String name);

    /** The user of a script, where {@code own} is the script's own one. */
    Optional<RunAs> scriptUser(Optional<RunAs> own);
}
