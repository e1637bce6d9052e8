package io.lvsd.conf.load;

import io.lvsd.conf.check.http.HttpKeywords;
import io.lvsd.conf.check.probe.ProbeKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.model.CheckDefaults;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What checks inherit: the first value of the real server, the virtual server and the lvsd block, in this order. */
final class CheckLevels {
    static final Duration DEFAULT_DELAY_LOOP = Duration.ofSeconds(60);
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private CheckLevels() {}

    static <T> Optional<T> first(List<Settings> levels, Keyword<T> keyword) {
        return levels.stream().flatMap(level -> level.get(keyword).stream()).findFirst();
    }

    /** A fall of n is n - 1 retries; at each level it has priority over them. */
    static Optional<Long> retries(List<Settings> levels) {
        return levels.stream()
                .flatMap(level -> fall(level).or(() -> level.get(ProbeKeywords.RETRY)).stream())
                .findFirst();
    }

    static Optional<Long> fall(Settings settings) {
        return settings.get(ProbeKeywords.FALL).map(n -> n - 1);
    }

    /** The values of a server for its checks. */
    static CheckDefaults defaults(List<Settings> levels) {
        Duration delayLoop = first(levels, ProbeKeywords.DELAY_LOOP).orElse(DEFAULT_DELAY_LOOP);
        return new CheckDefaults(
                first(levels, HttpKeywords.VIRTUALHOST),
                first(levels, ProbeKeywords.ALPHA).orElse(false),
                retries(levels).map(OptionalLong::of).orElse(OptionalLong.empty()),
                first(levels, ProbeKeywords.DELAY_BEFORE_RETRY).orElse(delayLoop),
                first(levels, ProbeKeywords.WARMUP).orElse(delayLoop),
                delayLoop,
                first(levels, ProbeKeywords.CONNECT_TIMEOUT).orElse(DEFAULT_TIMEOUT));
    }
}
