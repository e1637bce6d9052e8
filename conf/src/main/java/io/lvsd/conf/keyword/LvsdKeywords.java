package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Scope.LVSD;
import static io.lvsd.conf.keyword.Scope.WEBHOOK;
import static io.lvsd.conf.keyword.Shape.Simple.OBJECTS;

import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Driver;
import io.lvsd.conf.value.FailureProfile;
import io.lvsd.conf.value.Repair;
import io.lvsd.conf.value.StopMode;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Keywords of the {@code lvsd} block. */
public final class LvsdKeywords {
    public static final Keyword<Driver> DRIVER =
            Keyword.of("driver", LVSD, TextTypes.lowerCase(Driver.values()), "auto", "What programs the IPVS table.");
    public static final Keyword<StopMode> STOP = Keyword.of(
            "stop",
            LVSD,
            TextTypes.lowerCase(StopMode.values()),
            "remove, HOCON keep",
            "Whether an orderly stop removes our services or keeps the table.");
    public static final Keyword<Repair> REPAIR = Keyword.of(
            "repair",
            LVSD,
            TextTypes.lowerCase(Repair.values()),
            "missing, HOCON on",
            "Drift: restore missing entries, on for changed attributes too, or only report it.");
    public static final Keyword<Duration> TRUST_VERDICTS = Keyword.of(
            "trust_verdicts",
            LVSD,
            TimeTypes.seconds(Duration.ZERO, TimeTypes.DAY),
            "the larger of 30 and twice delay_loop",
            "Maximum age of stored check results that are used at start.");
    public static final Keyword<Duration> SCRIPT_TIMEOUT = Keyword.of(
            "script_timeout",
            LVSD,
            TimeTypes.seconds(Duration.ofSeconds(1), TimeTypes.DAY),
            "60",
            "Timeout of notification and quorum scripts, after which they are killed.");
    public static final Keyword<Long> RELOAD_GUARD = Keyword.of(
            "reload_guard",
            LVSD,
            NumberTypes.number(0, 100),
            "100, HOCON 50",
            "Percentage of real servers, of all and of each virtual server, that a reload may remove unless it is"
                    + " forced.");
    public static final Keyword<FailureProfile> FAILURE_PROFILE = Keyword.of(
            "failure_profile",
            LVSD,
            TextTypes.mapped(Arrays.stream(FailureProfile.values())
                    .collect(Collectors.toMap(FailureProfile::word, Function.identity()))),
            "the kernel's settings are kept",
            "Kernel settings for connections of a removed server: fast-fail ends them and lets clients reconnect,"
                    + " drain-safe keeps them. Restored at a stop.");
    public static final Keyword<String> ACCEPT_LOCAL = Keyword.of(
            "accept_local",
            LVSD,
            HostTypes.interfaceName().shaped(Shape.Simple.TEXTS).duplicates(DuplicatePolicy.ALL),
            "none",
            "Interface whose sysctl accept_local is set to 1 while lvsd runs, as via_vip with a local virtual address"
                    + " requires. May be repeated.");

    // ---- webhook
    public static final Keyword<Statement> WEBHOOK_BLOCK = Keyword.of(
            "webhook",
            LVSD,
            BlockTypes.block(WEBHOOK, OBJECTS),
            "none",
            "Receiver of events as JSON. May be repeated.");
    public static final Keyword<URI> WEBHOOK_URL = Keyword.required(
            "url", WEBHOOK, LvsdTypes.webAddress(), "http or https address; redirects are not followed.");
    public static final Keyword<String> WEBHOOK_SECRET = Keyword.of(
            "secret_file",
            WEBHOOK,
            HostTypes.naming(Kind.FILE, TextTypes.text("FILE")),
            "not signed",
            "File with the key of the signature, HMAC with SHA-256, in the header X-Lvsd-Signature.");
    public static final Keyword<Duration> WEBHOOK_RETRY = Keyword.of(
            "retry",
            WEBHOOK,
            TimeTypes.seconds(Duration.ZERO, TimeTypes.DAY),
            "60",
            "How long delivery of one event is retried.");

    public static final List<Keyword<?>> ALL = List.of(
            DRIVER,
            STOP,
            REPAIR,
            TRUST_VERDICTS,
            SCRIPT_TIMEOUT,
            RELOAD_GUARD,
            FAILURE_PROFILE,
            ACCEPT_LOCAL,
            WEBHOOK_BLOCK,
            WEBHOOK_URL,
            WEBHOOK_SECRET,
            WEBHOOK_RETRY);

    private LvsdKeywords() {}
}
