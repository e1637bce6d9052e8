package io.lvsd.conf.check;

import static io.lvsd.conf.keyword.Scope.LVSD;
import static io.lvsd.conf.keyword.Scope.REAL_SERVER;
import static io.lvsd.conf.keyword.Scope.VIRTUAL_SERVER;
import static io.lvsd.conf.keyword.Scope.WEIGHT_FROM;

import io.lvsd.conf.check.http.HttpTypes;
import io.lvsd.conf.check.http.WeightPart;
import io.lvsd.conf.keyword.BlockTypes;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.NumberTypes;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.Shape.Simple;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.syntax.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keywords of the block {@code weight_from}: a real server reports a percentage of its weight. */
public final class WeightFrom {
    public static final Keyword<Statement> BLOCK = Keyword.of(
            "weight_from",
            Set.of(VIRTUAL_SERVER, REAL_SERVER, LVSD),
            BlockTypes.block(WEIGHT_FROM, Simple.OBJECT),
            "none",
            "Source of a percentage of its weight that the real server reports.");
    public static final Keyword<Long> AGENT = Keyword.of(
            "agent", WEIGHT_FROM, NumberTypes.port(), "none", "Port of an agent with HAProxy's agent-check protocol.");
    public static final Keyword<String> AGENT_SEND =
            Keyword.of("agent_send", WEIGHT_FROM, TextTypes.text("TEXT"), "nothing", "Text to send to the agent.");
    public static final Keyword<String> HEADER = Keyword.of(
            "header", WEIGHT_FROM, HttpTypes.headerName(), "none", "Header of HTTP responses with the percentage.");
    public static final Keyword<String> JSON = Keyword.of(
            "json",
            WEIGHT_FROM,
            TextTypes.text("FIELD"),
            "none",
            "Field of JSON responses with the percentage, as in load.weight.");
    public static final Keyword<Long> SMOOTHING = Keyword.of(
            "smoothing",
            WEIGHT_FROM,
            NumberTypes.number(1, 100),
            "100",
            "Maximum change of the percentage at one report.");
    public static final Keyword<Long> FLOOR =
            Keyword.of("floor", WEIGHT_FROM, NumberTypes.number(0, 100), "0", "Minimum percentage.");
    public static final Keyword<Long> CEILING =
            Keyword.of("ceiling", WEIGHT_FROM, NumberTypes.number(1, 1_000), "100", "Maximum percentage.");

    public static final List<Keyword<?>> ALL =
            List.of(BLOCK, AGENT, AGENT_SEND, HEADER, JSON, SMOOTHING, FLOOR, CEILING);

    private WeightFrom() {}

    /** The part of an HTTP response that contains the percentage. */
    public static Optional<WeightPart> part(Settings settings) {
        return settings.get(HEADER)
                .<WeightPart>map(WeightPart.Header::new)
                .or(() -> settings.get(JSON).map(WeightPart.Json::new));
    }
}
