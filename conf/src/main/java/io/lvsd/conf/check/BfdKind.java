package io.lvsd.conf.check;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.check.probe.ProbeKeywords;
import io.lvsd.conf.check.probe.TrackTypes;
import io.lvsd.conf.check.probe.TrackTypes.TrackWeight;
import io.lvsd.conf.keyword.AddressTypes;
import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.BlockTypes;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.NumberTypes;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.TextTypes;
import io.lvsd.conf.keyword.TimeTypes;
import io.lvsd.conf.keyword.Trait;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.BfdInstance;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** BFD_CHECK: a BFD session is up. */
public final class BfdKind implements CheckKind<BfdCheck> {
    static final Scope SCOPE = Scope.named(BfdCheck.KIND, Trait.CHECK, Trait.ALPHA);

    private static final Keyword<Statement> BLOCK = CheckKind.declare(BfdCheck.KIND, SCOPE, "A BFD session is up.");
    private static final Keyword<String> NAME = Keyword.required(
            "name", SCOPE, TextTypes.text("INSTANCE"), "Name of a bfd_instance that is defined above.");

    /** The block {@code bfd_instance}. */
    public static final Scope BFD_INSTANCE = Scope.named("bfd_instance");

    private static final Duration DEFAULT_INTERVAL = Duration.ofMillis(10);
    private static final Duration DEFAULT_IDLE = Duration.ofSeconds(1);
    private static final long DEFAULT_MULTIPLIER = 5;

    public static final Keyword<Statement> BFD_INSTANCE_BLOCK = Keyword.of(
            "bfd_instance",
            Scope.ROOT,
            BlockTypes.block("NAME {", 1, 1, Shape.Simple.NAMED_OBJECTS).holding(BFD_INSTANCE),
            "none",
            "Named BFD session (RFC 5880) for BFD_CHECK.");
    private static final Keyword<InetAddress> NEIGHBOR_IP = Keyword.required(
                    "neighbor_ip", BFD_INSTANCE, AddressTypes.plainAddress(), "Address of the peer, one hop away.")
            .alias("neighbour_ip");
    private static final Keyword<InetAddress> SOURCE_IP =
            Keyword.of("source_ip", BFD_INSTANCE, AddressTypes.plainAddress(), "any", "Source address.");
    private static final Keyword<Duration> MIN_RX =
            interval("min_rx", 1, "10", "Minimum interval between received packets.");
    private static final Keyword<Duration> MIN_TX =
            interval("min_tx", 1, "10", "Minimum interval between sent packets.");
    private static final Keyword<Duration> IDLE_TX =
            interval("idle_tx", 1_000, "1000", "Interval between sent packets while the session is not up.");
    private static final Keyword<Long> MULTIPLIER = Keyword.of(
            "multiplier",
            BFD_INSTANCE,
            NumberTypes.number(1, 255),
            "5",
            "Consecutive lost packets after which the session is down.");
    private static final Keyword<Boolean> PASSIVE =
            Keyword.of("passive", BFD_INSTANCE, TextTypes.flag(), "off", "Wait until the peer starts the session.");
    private static final Keyword<Long> TTL = Keyword.of(
            "ttl",
            BFD_INSTANCE,
            NumberTypes.number(1, 255),
            "255",
            "No effect: packets have TTL 255, others are dropped, RFC 5881.");
    private static final Keyword<Long> HOPLIMIT =
            Keyword.of("hoplimit", BFD_INSTANCE, NumberTypes.number(1, 255), "255", "No effect, see ttl.");
    private static final Keyword<Long> MAX_HOPS =
            Keyword.of("max_hops", BFD_INSTANCE, NumberTypes.number(0, 255), "0", "No effect, see ttl.");
    private static final Keyword<TrackWeight> WEIGHT =
            Keyword.of("weight", BFD_INSTANCE, TrackTypes.weight(253), "0", "For VRRP only.");
    private static final Keyword<Boolean> CHECKER = Keyword.ignored(
            "checker",
            BFD_INSTANCE,
            TextTypes.flag(),
            "off",
            "Not needed: each session that a BFD_CHECK names is used by it.");
    private static final Keyword<Boolean> VRRP =
            Keyword.ignored("vrrp", BFD_INSTANCE, TextTypes.flag(), "off", "For keepalived's VRRP.");

    @Override
    public Keyword<Statement> block() {
        return BLOCK;
    }

    @Override
    public Class<BfdCheck> spec() {
        return BfdCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(SCOPE);
    }

    @Override
    public List<Keyword<?>> keywords() {
        return List.of(
                NAME,
                BFD_INSTANCE_BLOCK,
                NEIGHBOR_IP,
                SOURCE_IP,
                MIN_RX,
                MIN_TX,
                IDLE_TX,
                MULTIPLIER,
                PASSIVE,
                TTL,
                HOPLIMIT,
                MAX_HOPS,
                WEIGHT,
                CHECKER,
                VRRP);
    }

    @Override
    public List<CheckDraft> read(Statement block, CheckContext context) {
        Settings settings = context.read(SCOPE, block);
        Problems problems = context.problems();
        Optional<String> name = settings.required(NAME, block, problems);
        Optional<BfdInstance> session = name.flatMap(context::bfdInstance);
        if (name.isPresent() && session.isEmpty()) {
            problems.error(
                    settings.originOf(NAME, block.origin()),
                    "unknown bfd_instance '" + name.get() + "', the check is dropped",
                    "define it: bfd_instance " + name.get() + " { neighbor_ip ADDRESS }");
        }
        return session.map(s -> CheckDraft.passive(new BfdCheck(s), Optional.of(settings))).stream()
                .toList();
    }

    @Override
    public void write(BfdCheck check, CheckOutput output) {
        output.block().put(NAME, check.instance().name()).put(ProbeKeywords.ALPHA, output.alpha());
    }

    /** As keepalived accepts it: a number of microseconds that has 32 bits, less its last three decimals. */
    private static Keyword<Duration> interval(String name, long min, String defaultText, String sentence) {
        return Keyword.of(
                name,
                BFD_INSTANCE,
                TimeTypes.milliseconds(Duration.ofMillis(min), Duration.ofMillis(4_294_967)),
                defaultText,
                sentence);
    }

    /** A block {@code bfd_instance}; empty, with the reason reported, if it is dropped. */
    public static Optional<BfdInstance> session(Settings settings, Statement block, Problems problems) {
        Optional<InetAddress> peer = settings.required(NEIGHBOR_IP, block, problems);
        return peer.map(p -> new BfdInstance(
                block.words().getFirst().text(),
                p,
                source(settings, p, block, problems),
                settings.get(MIN_RX).orElse(DEFAULT_INTERVAL),
                settings.get(MIN_TX).orElse(DEFAULT_INTERVAL),
                settings.get(IDLE_TX).orElse(DEFAULT_IDLE),
                settings.get(MULTIPLIER).orElse(DEFAULT_MULTIPLIER).intValue(),
                settings.isOn(PASSIVE)));
    }

    private static Optional<InetAddress> source(
            Settings settings, InetAddress peer, Statement block, Problems problems) {
        Optional<InetAddress> source = settings.get(SOURCE_IP);
        if (source.isPresent() && source.get().getClass() != peer.getClass()) {
            problems.error(
                    settings.originOf(SOURCE_IP, block.origin()),
                    "source_ip and neighbor_ip are of different address families, source_ip is ignored");
            return Optional.empty();
        }
        return source;
    }

    @Override
    public Optional<Definition> definition(BfdCheck check) {
        BfdInstance session = check.instance();
        BlockBuilder block = new BlockBuilder().put(NEIGHBOR_IP, session.neighbour());
        session.source().ifPresent(s -> block.put(SOURCE_IP, s));
        block.put(MIN_RX, BlockBuilder.milliseconds(session.minReceive()))
                .put(MIN_TX, BlockBuilder.milliseconds(session.minSend()))
                .put(IDLE_TX, BlockBuilder.milliseconds(session.idleSend()))
                .put(MULTIPLIER, session.multiplier())
                .put(PASSIVE, session.passive());
        return Optional.of(new Definition(BFD_INSTANCE_BLOCK, session.name(), block));
    }
}
