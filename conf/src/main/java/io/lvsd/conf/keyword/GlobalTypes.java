package io.lvsd.conf.keyword;

import io.lvsd.conf.keyword.PairType.Pair;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.StopFlush;
import io.lvsd.conf.value.SyncDaemonConfig;
import io.lvsd.conf.value.Timeouts;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Value types of {@code global_defs}. */
public final class GlobalTypes {
    private static final long MAX_TIMEOUT = 2_678_400;
    private static final int MAX_INTERFACE = 15;
    private static final List<String> TIMEOUTS = List.of("tcp", "tcpfin", "udp");
    private static final List<String> SYNC = List.of("inst", "id", "maxlen", "port", "ttl", "group");
    private static final List<String> INCLUDE_CHECKS =
            List.of("read", "readable", "match", "wildcard_match", "brace_match");

    private GlobalTypes() {}

    /** {@code [tcp S] [tcpfin S] [udp S]}. */
    static FunctionType<Timeouts> timeouts() {
        FunctionType<Timeouts> type = PairType.of(
                "[tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]",
                new Shape.Pairs("", TIMEOUTS, TIMEOUTS),
                (pairs, _, problems) -> {
                    Map<String, Long> seconds = new HashMap<>();
                    for (Pair pair : pairs) {
                        NumberTypes.number(pair.word(), pair.name(), 0, MAX_TIMEOUT, problems)
                                .ifPresent(n -> seconds.put(pair.name(), n));
                    }
                    return seconds.size() < pairs.size()
                            ? Optional.empty()
                            : Optional.of(new Timeouts(
                                    seconds.getOrDefault("tcp", 0L),
                                    seconds.getOrDefault("tcpfin", 0L),
                                    seconds.getOrDefault("udp", 0L)));
                });
        return type.duplicates(DuplicatePolicy.LAST_REPORTED);
    }

    /**
     * The value of {@code lvs_sync_daemon}.
     *
     * @param followsVrrp whether a VRRP instance decides the role
     */
    public record SyncDaemon(boolean followsVrrp, SyncDaemonConfig config, Origin origin) {}

    /** {@code INTERFACE [inst NAME] [id N] …}, or the old {@code INTERFACE NAME [ID]}. */
    static FunctionType<SyncDaemon> syncDaemon() {
        FunctionType<SyncDaemon> type = PairType.of(
                "INTERFACE [inst NAME] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]",
                new Shape.Pairs("interface", SYNC, List.of()),
                (pairs, statement, problems) -> new SyncDaemonReader(statement, problems).read(pairs));
        return type.duplicates(DuplicatePolicy.FIRST_REPORTED);
    }

    private static final class SyncDaemonReader {
        private final Statement statement;
        private final Problems problems;
        private final Map<String, Long> numbers = new HashMap<>();
        private Optional<InetAddress> group = Optional.empty();
        private boolean failed;

        SyncDaemonReader(Statement statement, Problems problems) {
            this.statement = statement;
            this.problems = problems;
        }

        Optional<SyncDaemon> read(List<Pair> pairs) {
            pairs.forEach(this::read);
            if (failed) {
                return Optional.empty();
            }
            return Optional.of(new SyncDaemon(
                    pairs.stream().anyMatch(p -> p.name().equals("inst")),
                    new SyncDaemonConfig(
                            pairs.getFirst().word().text(),
                            number("id"),
                            number("maxlen"),
                            group,
                            number("port"),
                            number("ttl")),
                    statement.origin()));
        }

        private int number(String name) {
            return numbers.getOrDefault(name, 0L).intValue();
        }

        private void read(Pair pair) {
            switch (pair.name()) {
                case "interface" -> networkInterface(pair.word());
                case "id" -> number(pair, 0, 255);
                case "maxlen" -> number(pair, 1, 65_507);
                case "port" -> number(pair, 1, NumberTypes.MAX_PORT);
                case "ttl" -> number(pair, 1, 255);
                case "group" -> {
                    group = IpAddresses.address(pair.word().text()).filter(InetAddress::isMulticastAddress);
                    if (group.isEmpty()) {
                        fail(pair.word(), "group", "a multicast address such as 224.0.0.81");
                    }
                }
                default -> {}
            }
        }

        private void networkInterface(Word word) {
            HostTypes.refer(Kind.INTERFACE, word, word.text(), statement, problems);
            if (word.text().length() > MAX_INTERFACE) {
                fail(word, "interface", "at most 15 characters");
            }
        }

        private void number(Pair pair, long min, long max) {
            Optional<Long> number = NumberTypes.number(pair.word(), pair.name(), min, max, problems);
            number.ifPresentOrElse(n -> numbers.put(pair.name(), n), () -> failed = true);
        }

        private void fail(Word word, String what, String expected) {
            failed = true;
            var _ = TextTypes.invalid(word, what, expected, problems);
        }
    }

    /** {@code VS} or nothing. */
    static FunctionType<StopFlush> stopFlush() {
        String form = "[VS]";
        return FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 0, 1, problems)
                        .flatMap(words -> {
                            if (words.isEmpty()) {
                                return Optional.of(StopFlush.ALL);
                            }
                            return words.getFirst().text().equals("VS")
                                    ? Optional.of(StopFlush.OURS)
                                    : TextTypes.invalid(words.getFirst(), statement.name(), "VS or no value", problems);
                        }));
    }

    /** Names of checks of include, with a sign to add or remove them. The reader of the file applies them. */
    static FunctionType<Statement> includeChecks() {
        FunctionType<Statement> type = FunctionType.of("[[+|-]CHECK…]", (statement, problems) -> {
            boolean first = true;
            for (Word word : statement.words()) {
                boolean signed = word.text().matches("[+-].*");
                if (!INCLUDE_CHECKS.contains(signed ? word.text().substring(1) : word.text())) {
                    return TextTypes.invalid(
                            word, "include check", "one of: " + String.join(" ", INCLUDE_CHECKS), problems);
                }
                if (!first && !signed) {
                    return TextTypes.invalid(word, "include check", "+ or - before each name but the first", problems);
                }
                first = false;
            }
            return Optional.of(statement);
        });
        return type.shaped(Shape.Simple.WORDS);
    }
}
