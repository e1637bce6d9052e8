package io.lvsd.conf.keyword;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Forwarding.Checksum;
import io.lvsd.conf.value.Forwarding.Encapsulation;
import io.lvsd.conf.value.Forwarding.Method;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Value types of virtual and real servers. */
public final class ServerTypes {
    private static final long MAX_TIMEOUT = 2_678_400;
    private static final long DEFAULT_PERSISTENCE = 360;

    private ServerTypes() {}

    /** {@code NAT|DR|TUN [type ipip|gue port N|gre] [nocsum|csum|remcsum]}; an invalid line is ignored as a whole. */
    public static FunctionType<Forwarding> forwarding() {
        String form = "NAT|DR|TUN [type ipip|type gue port N|type gre] [nocsum|csum|remcsum]";
        FunctionType<Forwarding> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.words(statement, form, 1, Integer.MAX_VALUE, problems)
                        .flatMap(words -> method(words.getFirst(), problems)
                                .flatMap(m -> new TunnelWords(words.subList(1, words.size()), problems).read(m))));
        return type.shaped(Shape.Simple.WORDS);
    }

    private static Optional<Method> method(Word word, Problems problems) {
        Optional<Method> method = Arrays.stream(Method.values())
                .filter(m -> m.name().equals(word.text()))
                .findFirst();
        return method.isPresent()
                ? method
                : TextTypes.invalid(word, "forwarding method", "NAT, DR or TUN, in capitals", problems);
    }

    /** The options of TUN; keepalived accepts them with the other methods too, where they have no effect. */
    private static final class TunnelWords {
        private final List<Word> words;
        private final Problems problems;
        private Encapsulation encapsulation = Encapsulation.IPIP;
        private Checksum checksum = Checksum.NOCSUM;
        private int port;
        private int at;
        private boolean failed;

        TunnelWords(List<Word> words, Problems problems) {
            this.words = words;
            this.problems = problems;
        }

        Optional<Forwarding> read(Method method) {
            while (!failed && at < words.size()) {
                option(words.get(at++));
            }
            if (!failed && !words.isEmpty()) {
                validate();
            }
            if (failed) {
                return Optional.empty();
            }
            if (method == Method.TUN || words.isEmpty()) {
                return Optional.of(new Forwarding(method, encapsulation, port, checksum));
            }
            problems.warning(
                    words.getFirst().origin(),
                    "'" + words.getFirst().text() + "' is an option of TUN, ignored",
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
                            .flatMap(w -> NumberTypes.number(w, "tunnel port", 1, NumberTypes.MAX_PORT, problems))
                            .map(Long::intValue)
                            .orElseGet(() -> {
                                failed = true;
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
            fail(before, "'" + before.text() + "' requires a value");
            return Optional.empty();
        }

        private <E extends Enum<E>> Optional<E> constant(E[] values, Word word) {
            Optional<E> found = Arrays.stream(values)
                    .filter(v -> v.name().toLowerCase(java.util.Locale.ROOT).equals(word.text()))
                    .findFirst();
            if (found.isEmpty()) {
                fail(word, "invalid tunnel type '" + word.text() + "'");
            }
            return found;
        }

        private void validate() {
            Word last = words.getLast();
            if (encapsulation == Encapsulation.GUE && port == 0) {
                fail(last, "a gue tunnel requires a port");
            } else if (encapsulation != Encapsulation.GUE && port != 0) {
                fail(last, "only gue tunnels have a port");
            } else if (encapsulation == Encapsulation.IPIP && checksum != Checksum.NOCSUM) {
                fail(last, "ipip tunnels have no checksum");
            } else if (encapsulation == Encapsulation.GRE && checksum == Checksum.REMCSUM) {
                fail(last, "gre tunnels have no remote checksum");
            }
        }

        private void fail(Word word, String text) {
            failed = true;
            problems.error(
                    word.origin(),
                    text + ", the line is ignored",
                    "expected: TUN [type ipip|type gue port N|type gre] [nocsum|csum|remcsum]");
        }
    }

    /** Whole seconds; 360 without a value. */
    public static FunctionType<Long> persistenceTimeout() {
        FunctionType<Long> number = NumberTypes.number(1, MAX_TIMEOUT);
        FunctionType<Long> type = FunctionType.of(
                "[" + number.form() + "]",
                (statement, problems) -> statement.words().isEmpty()
                        ? Optional.of(DEFAULT_PERSISTENCE)
                        : number.read(statement, problems));
        return type.shaped(new Shape.Time(ChronoUnit.SECONDS));
    }

    /** An IPv4 mask as a number, or an IPv6 prefix length. */
    public record Granularity(boolean ipv4, long value) {}

    /** An IPv4 mask or an IPv6 prefix length. */
    public static FunctionType<Granularity> granularity() {
        String form = "IPv4 mask | IPv6 prefix length";
        return FunctionType.of(
                form,
                (statement, problems) ->
                        TextTypes.oneWord(statement, form, problems).flatMap(word -> granularity(word, problems)));
    }

    private static Optional<Granularity> granularity(Word word, Problems problems) {
        if (word.text().indexOf('.') < 0) {
            return NumberTypes.number(word, "IPv6 prefix length", 1, 128, problems)
                    .map(n -> new Granularity(false, n));
        }
        Optional<InetAddress> mask =
                IpAddresses.address(word.text()).filter(m -> IpAddresses.isIpv4(m) && !m.isAnyLocalAddress());
        if (mask.isEmpty()) {
            return TextTypes.invalid(
                    word, "netmask", "a mask such as 255.255.255.0, or an IPv6 prefix length", problems);
        }
        return Optional.of(
                new Granularity(true, ByteBuffer.wrap(mask.get().getAddress()).getInt() & NumberTypes.U32_MAX));
    }
}
