package io.lvsd.conf.keyword;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.Community;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Forwarding.Checksum;
import io.lvsd.conf.value.Forwarding.Encapsulation;
import io.lvsd.conf.value.Forwarding.Method;
import java.net.InetAddress;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Value types that only LVS has. */
public final class LvsTypes {
    private static final long MAX_TIMEOUT = 2_678_400;
    private static final long DEFAULT_PERSISTENCE = 360;

    private LvsTypes() {}

    /** {@code NAT|DR|TUN [type ipip|gue port N|gre] [nocsum|csum|remcsum]}; a bad line has no effect at all. */
    static ValueType<Forwarding> forwarding() {
        Described<Forwarding> type = Types.type(
                "NAT|DR|TUN [type ipip|type gue port N|type gre] [nocsum|csum|remcsum]", (statement, problems) -> {
                    if (statement.words().isEmpty()) {
                        problems.error(
                                statement.origin(), "'" + statement.name() + "' needs a method", "NAT, DR or TUN");
                        return Optional.empty();
                    }
                    Word first = statement.words().getFirst();
                    Optional<Method> method = Arrays.stream(Method.values())
                            .filter(m -> m.name().equals(first.text()))
                            .findFirst();
                    if (method.isEmpty()) {
                        problems.error(
                                first.origin(),
                                "'" + first.text() + "' is no forwarding method",
                                "NAT, DR or TUN, in capitals");
                        return Optional.empty();
                    }
                    return new TunnelWords(
                                    statement
                                            .words()
                                            .subList(1, statement.words().size()),
                                    problems)
                            .read(method.get());
                });
        return type.shaped(Shape.Simple.WORDS);
    }

    /** The options behind TUN; keepalived accepts them behind the other methods too, where they have no effect. */
    private static final class TunnelWords {
        private final List<Word> words;
        private final Problems problems;
        private Encapsulation encapsulation = Encapsulation.IPIP;
        private Checksum checksum = Checksum.NOCSUM;
        private int port;
        private int at;
        private boolean bad;

        TunnelWords(List<Word> words, Problems problems) {
            this.words = words;
            this.problems = problems;
        }

        Optional<Forwarding> read(Method method) {
            while (!bad && at < words.size()) {
                option(words.get(at++));
            }
            if (!bad && !words.isEmpty()) {
                judge();
            }
            if (bad) {
                return Optional.empty();
            }
            if (method == Method.TUN || words.isEmpty()) {
                return Optional.of(new Forwarding(method, encapsulation, port, checksum));
            }
            problems.warning(
                    words.getFirst().origin(),
                    "'" + words.getFirst().text() + "' has no effect: it is an option of TUN",
                    "remove it");
            return Optional.of(new Forwarding(method, Encapsulation.IPIP, 0, Checksum.NOCSUM));
        }

        private void option(Word word) {
            switch (word.text()) {
                case "type" ->
                    encapsulation = next(word)
                            .flatMap(w -> constant(Encapsulation.values(), w))
                            .orElse(encapsulation);
                case "port" ->
                    port = next(word)
                            .flatMap(w -> Types.number(w, "tunnel port", 1, 65_535, false, problems))
                            .map(Long::intValue)
                            .orElseGet(() -> {
                                bad = true;
                                return 0;
                            });
                case "nocsum", "csum", "remcsum" ->
                    checksum = constant(Checksum.values(), word).orElse(checksum);
                default -> fail(word, "unexpected '" + word.text() + "'");
            }
        }

        private Optional<Word> next(Word before) {
            if (at < words.size()) {
                return Optional.of(words.get(at++));
            }
            fail(before, "'" + before.text() + "' needs a value");
            return Optional.empty();
        }

        private <E extends Enum<E>> Optional<E> constant(E[] values, Word word) {
            Optional<E> found = Arrays.stream(values)
                    .filter(v -> v.name().toLowerCase(java.util.Locale.ROOT).equals(word.text()))
                    .findFirst();
            if (found.isEmpty()) {
                fail(word, "'" + word.text() + "' is no tunnel type");
            }
            return found;
        }

        private void judge() {
            Word last = words.getLast();
            if (encapsulation == Encapsulation.GUE && port == 0) {
                fail(last, "a gue tunnel needs a port");
            } else if (encapsulation != Encapsulation.GUE && port != 0) {
                fail(last, "only a gue tunnel has a port");
            } else if (encapsulation == Encapsulation.IPIP && checksum != Checksum.NOCSUM) {
                fail(last, "an ipip tunnel has no checksum");
            } else if (encapsulation == Encapsulation.GRE && checksum == Checksum.REMCSUM) {
                fail(last, "a gre tunnel has no remote checksum");
            }
        }

        private void fail(Word word, String text) {
            bad = true;
            problems.error(
                    word.origin(),
                    text + "; the line has no effect",
                    "TUN [type ipip|type gue port N|type gre] [nocsum|csum|remcsum]");
        }
    }

    /** Whole seconds, 360 if none are written. */
    static ValueType<Long> persistenceTimeout() {
        ValueType<Long> number = Types.number(1, MAX_TIMEOUT, false);
        Described<Long> type = Types.type(
                "[" + number.form() + "]",
                (statement, problems) -> statement.words().isEmpty()
                        ? Optional.of(DEFAULT_PERSISTENCE)
                        : number.read(statement, problems));
        return type.shaped(new Shape.Time(ChronoUnit.SECONDS));
    }

    /** An IPv4 mask as a number, or an IPv6 prefix length. */
    public record Granularity(boolean ipv4, long value) {}

    static ValueType<Granularity> granularity() {
        String form = "IPv4 mask | IPv6 prefix length";
        return Types.type(
                form,
                (statement, problems) -> Types.oneWord(statement, form, problems)
                        .flatMap(word -> {
                            if (word.text().indexOf('.') < 0) {
                                return Types.number(word, "IPv6 prefix length", 1, 128, false, problems)
                                        .map(n -> new Granularity(false, n));
                            }
                            Optional<InetAddress> mask =
                                    IpAddresses.address(word.text()).filter(IpAddresses::isIpv4);
                            if (mask.isEmpty() || mask.get().isAnyLocalAddress()) {
                                problems.error(
                                        word.origin(),
                                        "'" + word.text() + "' is no netmask",
                                        "such as 255.255.255.0, or an IPv6 prefix length");
                                return Optional.empty();
                            }
                            return Optional.of(new Granularity(
                                    true,
                                    java.nio.ByteBuffer.wrap(mask.get().getAddress())
                                                    .getInt()
                                            & 0xffff_ffffL));
                        }));
    }

    /** {@code udp:ADDRESS:PORT}. */
    static ValueType<Types.Endpoint> snmpListen() {
        return listen("udp:", 1161);
    }

    /** {@code ADDRESS:PORT}. */
    static ValueType<Types.Endpoint> httpListen() {
        return listen("", 9180);
    }

    private static ValueType<Types.Endpoint> listen(String prefix, int example) {
        String form = prefix + "ADDRESS:PORT";
        return Types.type(
                form,
                (statement, problems) -> Types.oneWord(statement, form, problems)
                        .flatMap(word -> {
                            String text = word.text().startsWith(prefix)
                                    ? word.text().substring(prefix.length())
                                    : word.text();
                            int colon = text.lastIndexOf(':');
                            String host =
                                    colon < 0 ? text : text.substring(0, colon).replaceAll("^\\[|\\]$", "");
                            Optional<InetAddress> address = IpAddresses.address(host);
                            if (colon < 0
                                    || address.isEmpty()
                                    || !text.substring(colon + 1).matches("\\d{1,5}")) {
                                problems.error(
                                        word.origin(),
                                        "'" + word.text() + "' is no address to listen on",
                                        "such as " + prefix + "127.0.0.1:" + example + " or " + prefix + "[::1]:"
                                                + example);
                                return Optional.empty();
                            }
                            Word port = new Word(text.substring(colon + 1), word.origin(), false);
                            return Types.number(port, "port", 1, 65_535, false, problems)
                                    .map(p -> new Types.Endpoint(address.get(), p.intValue(), word.origin()));
                        }));
    }

    /** {@code NAME [NETWORK/PREFIX]}; without a network, loopback. */
    static ValueType<Community> community() {
        String form = "NAME [NETWORK/PREFIX]";
        Described<Community> type = Types.type(form, (statement, problems) -> {
            List<Word> words = statement.words();
            if (words.isEmpty() || words.size() > 2) {
                problems.error(
                        statement.origin(), "'community' needs: " + form, "such as: community public 192.0.2.0/24");
                return Optional.empty();
            }
            if (words.size() == 1) {
                return Optional.of(
                        new Community(words.getFirst().text(), IpAddresses.ofBytes(new byte[] {127, 0, 0, 0}), 8));
            }
            return network(statement, words, problems);
        });
        return type.shaped(Shape.Simple.NETWORKS).twice(ValueType.Twice.ALL);
    }

    private static Optional<Community> network(Statement statement, List<Word> words, Problems problems) {
        Word word = words.get(1);
        String[] parts = word.text().split("/", 2);
        Optional<InetAddress> address = IpAddresses.address(parts[0]);
        int bits = address.map(a -> a.getAddress().length * 8).orElse(0);
        boolean good = address.isPresent()
                && (parts.length == 1 || parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= bits);
        if (!good) {
            problems.error(word.origin(), "'" + word.text() + "' is no network", "such as 192.0.2.0/24");
            return Optional.empty();
        }
        int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
        return Optional.of(new Community(statement.words().getFirst().text(), address.get(), prefix));
    }
}
