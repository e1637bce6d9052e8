package io.lvsd.conf.load;

import io.lvsd.conf.model.GroupConfig;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.IpFamily;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The lines of a {@code virtual_server_group}: addresses, ranges, prefixes and firewall marks. */
final class GroupReader {
    /** Maximum number of addresses in one line. */
    static final int MAX_RANGE = 65_536;

    /** The short end of a range, with what keepalived accepts before it. */
    private static final Pattern DECIMAL_END = Pattern.compile("\\+?0*(\\d{1,3})");

    private static final Pattern HEX_END = Pattern.compile("\\+?(?:0[xX])?0*([0-9A-Fa-f]{1,4})");

    private final Problems problems;

    GroupReader(Problems problems) {
        this.problems = problems;
    }

    /** One expanded entry. */
    sealed interface Member {
        /** @param port 0 is none */
        record Address(InetAddress address, int port) implements Member {}

        /** @param family empty: that of the virtual server */
        record Fwmark(long mark, Optional<IpFamily> family) implements Member {}
    }

    /**
     * What a group was read as: address entries first, then marks, each in the order of the file.
     *
     * @param members what its lines expand to
     * @param config its lines
     */
    record Group(List<Member> members, GroupConfig config) {
        Group {
            members = List.copyOf(members);
        }
    }

    Group read(Statement group) {
        List<Member> members = new ArrayList<>();
        List<GroupConfig.Member> lines = new ArrayList<>();
        for (Statement line : ConfigBuilder.linesOf(group)) {
            List<Member> expanded = line.name().equals("fwmark") ? fwmark(line) : addresses(line);
            members.addAll(expanded);
            if (!expanded.isEmpty()) {
                lines.add(line(expanded.getFirst(), expanded.getLast()));
            }
        }
        return new Group(
                Stream.concat(
                                members.stream().filter(Member.Address.class::isInstance),
                                members.stream().filter(Member.Fwmark.class::isInstance))
                        .distinct()
                        .toList(),
                new GroupConfig(
                        group.words().getFirst().text(),
                        Stream.concat(
                                        lines.stream().filter(GroupConfig.Member.Addresses.class::isInstance),
                                        lines.stream().filter(GroupConfig.Member.Fwmark.class::isInstance))
                                .toList()));
    }

    private static GroupConfig.Member line(Member first, Member last) {
        return switch (first) {
            case Member.Address(var address, int port) ->
                new GroupConfig.Member.Addresses(
                        address, last instanceof Member.Address(var end, int _) ? end : address, port);
            case Member.Fwmark(long mark, var _) -> new GroupConfig.Member.Fwmark(mark);
        };
    }

    private List<Member> fwmark(Statement line) {
        List<Word> words = line.words();
        Optional<Long> mark = words.isEmpty()
                ? Optional.empty()
                : Numbers.number(words.getFirst(), "fwmark", 1, 0xffff_ffffL, problems);
        if (words.isEmpty()) {
            problems.error(line.origin(), "'fwmark' requires a number", "expected: fwmark N [inet|inet6]");
        }
        Optional<IpFamily> family = Optional.empty();
        if (words.size() > 1) {
            family = switch (words.get(1).text()) {
                case "inet" -> Optional.of(IpFamily.INET);
                case "inet6" -> Optional.of(IpFamily.INET6);
                default -> {
                    problems.error(
                            words.get(1).origin(),
                            "invalid address family '" + words.get(1).text() + "': expected inet or inet6",
                            "");
                    yield Optional.empty();
                }
            };
        }
        Optional<IpFamily> chosen = family;
        return mark.map(m -> List.<Member>of(new Member.Fwmark(m, chosen))).orElse(List.of());
    }

    private List<Member> addresses(Statement line) {
        Optional<Long> port = line.words().isEmpty()
                ? Optional.of(0L)
                : Numbers.number(line.words().getFirst(), "port", 0, 65_535, problems);
        if (line.words().size() > 1) {
            problems.error(
                    line.words().get(1).origin(),
                    "unexpected '" + line.words().get(1).text() + "'",
                    "expected: ADDRESS [PORT]");
        }
        Optional<Range> range = range(line.name(), line.origin());
        if (port.isEmpty() || range.isEmpty()) {
            return List.of();
        }
        return range.get().expand().stream()
                .<Member>map(a -> new Member.Address(a, port.get().intValue()))
                .toList();
    }

    /** Consecutive addresses of one family. */
    private record Range(InetAddress first, BigInteger count) {
        List<InetAddress> expand() {
            List<InetAddress> all = new ArrayList<>();
            BigInteger at = new BigInteger(1, first.getAddress());
            int width = first.getAddress().length;
            for (int i = 0; i < count.intValueExact(); i++) {
                all.add(IpAddresses.ofBytes(bytes(at.add(BigInteger.valueOf(i)), width)));
            }
            return all;
        }

        private static byte[] bytes(BigInteger value, int width) {
            byte[] raw = value.toByteArray();
            byte[] out = new byte[width];
            int length = Math.min(raw.length, width);
            System.arraycopy(raw, raw.length - length, out, width - length, length);
            return out;
        }
    }

    private Optional<Range> range(String text, Origin origin) {
        int slash = text.indexOf('/');
        int dash = text.indexOf('-');
        Optional<Range> range = slash >= 0
                ? prefix(text.substring(0, slash), text.substring(slash + 1))
                : dash >= 0
                        ? fromTo(text.substring(0, dash), text.substring(dash + 1))
                        : IpAddresses.address(text).map(a -> new Range(a, BigInteger.ONE));
        if (range.isEmpty()) {
            problems.error(
                    origin,
                    "invalid address or range '" + text + "'",
                    "such as 192.0.2.1, 192.0.2.1-9, 192.0.2.0/28 or fwmark 5");
            return range;
        }
        if (range.get().count().compareTo(BigInteger.valueOf(MAX_RANGE)) > 0) {
            problems.error(
                    origin,
                    "range '" + text + "' has more than " + MAX_RANGE + " addresses",
                    "use a firewall mark instead");
            return Optional.empty();
        }
        String unfit = IpAddresses.unfit(range.get().first());
        if (!unfit.isEmpty()) {
            problems.error(origin, text + " " + unfit);
            return Optional.empty();
        }
        return range;
    }

    /** All addresses of a prefix whose host bits are zero. */
    private static Optional<Range> prefix(String address, String length) {
        Optional<InetAddress> first = IpAddresses.address(address);
        if (first.isEmpty() || !length.matches("\\+?0*\\d{1,3}")) {
            return Optional.empty();
        }
        int bits = first.get().getAddress().length * 8;
        int prefix = Integer.parseInt(length);
        if (prefix < 1 || prefix > bits) {
            return Optional.empty();
        }
        BigInteger count = BigInteger.TWO.pow(bits - prefix);
        boolean aligned = new BigInteger(1, first.get().getAddress()).mod(count).signum() == 0;
        return aligned ? Optional.of(new Range(first.get(), count)) : Optional.empty();
    }

    /** {@code a.b.c.d-e}, {@code x::y-z} (hex) or two whole addresses. */
    private static Optional<Range> fromTo(String from, String to) {
        Optional<InetAddress> first = IpAddresses.address(from);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Optional<InetAddress> whole = IpAddresses.address(to);
        Optional<InetAddress> last = whole.isPresent() ? whole : shortEnd(first.get(), to);
        if (last.isEmpty() || last.get().getAddress().length != first.get().getAddress().length) {
            return Optional.empty();
        }
        BigInteger count = new BigInteger(1, last.get().getAddress())
                .subtract(new BigInteger(1, first.get().getAddress()))
                .add(BigInteger.ONE);
        boolean rises = whole.isPresent() ? count.signum() > 0 : count.compareTo(BigInteger.ONE) > 0;
        return rises ? Optional.of(new Range(first.get(), count)) : Optional.empty();
    }

    private static Optional<InetAddress> shortEnd(InetAddress first, String end) {
        byte[] bytes = Arrays.copyOf(first.getAddress(), first.getAddress().length);
        boolean v4 = bytes.length == 4;
        Matcher number = (v4 ? DECIMAL_END : HEX_END).matcher(end);
        if (!number.matches()) {
            return Optional.empty();
        }
        int value = Integer.parseInt(number.group(1), v4 ? 10 : 16);
        if (v4 && value > 255) {
            return Optional.empty();
        }
        bytes[bytes.length - 1] = (byte) value;
        if (!v4) {
            bytes[bytes.length - 2] = (byte) (value >> 8);
        }
        return Optional.of(IpAddresses.ofBytes(bytes));
    }
}
