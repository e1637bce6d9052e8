package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Scope.MAINTENANCE;
import static io.lvsd.conf.keyword.Scope.VIRTUAL_SERVER;

import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Keywords of the block {@code maintenance}. */
public final class MaintenanceKeywords {
    public static final Keyword<Statement> BLOCK = Keyword.of(
            "maintenance",
            VIRTUAL_SERVER,
            BlockTypes.block(MAINTENANCE, Shape.Simple.OBJECT),
            "off",
            "Planned maintenance: the sorry server takes all connections although real servers are up. Requires"
                    + " sorry_server. The command lvsd maintenance overrides it.");
    public static final Keyword<String> MESSAGE =
            Keyword.of("message", MAINTENANCE, message(), "none", "Text for clients, on the sorry page.");
    public static final Keyword<Instant> UNTIL = Keyword.of(
            "until",
            MAINTENANCE,
            TimeTypes.pointInTime(),
            "until the block is removed",
            "End of the maintenance, in ISO 8601; without an offset, in the time zone of this host.");
    public static final Keyword<IpNetwork> ALLOW = Keyword.of(
            "allow",
            MAINTENANCE,
            TextTypes.parsed("NETWORK/PREFIX", IpNetwork::parse, "network", "a network such as 192.0.2.0/24")
                    .shaped(Shape.Simple.TEXTS)
                    .duplicates(DuplicatePolicy.ALL),
            "none",
            "Clients that reach the real servers during the maintenance, through the sorry page of this host. May be"
                    + " repeated.");
    public static final Keyword<Drain> DRAIN = Keyword.of(
            "drain",
            MAINTENANCE,
            drain(),
            "removal_grace; without a value, until no connection is active",
            "How long real servers that leave may keep their connections.");

    public static final List<Keyword<?>> ALL = List.of(BLOCK, MESSAGE, UNTIL, ALLOW, DRAIN);

    private MaintenanceKeywords() {}

    private static FunctionType<String> message() {
        return TextTypes.parsed(
                "TEXT",
                text -> Optional.of(text).filter(MaintenanceConfig::isMessage),
                "message",
                "at most " + MaintenanceConfig.MAX_MESSAGE + " characters without control characters");
    }

    private static FunctionType<Drain> drain() {
        FunctionType<Duration> seconds =
                TimeTypes.seconds(Duration.ofSeconds(1), Duration.ofSeconds(MaintenanceConfig.MAX_DRAIN));
        FunctionType<Drain> type = FunctionType.of(
                "[" + seconds.form() + "]",
                (statement, problems) -> statement.words().isEmpty()
                        ? Optional.of(new Drain(Optional.empty()))
                        : seconds.read(statement, problems).map(limit -> new Drain(Optional.of(limit))));
        return type.shaped(new Shape.Time(ChronoUnit.SECONDS));
    }
}
