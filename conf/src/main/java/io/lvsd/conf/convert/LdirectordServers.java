package io.lvsd.conf.convert;

import static io.lvsd.conf.keyword.BlockBuilder.word;

import io.lvsd.conf.convert.LdirectordFile.Service;
import io.lvsd.conf.convert.LdirectordFile.Setting;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Word;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses and real servers of ldirectord.cf. */
final class LdirectordServers {
    private static final Map<String, Integer> SERVICES = Map.ofEntries(
            Map.entry("http", 80),
            Map.entry("https", 443),
            Map.entry("ftp", 21),
            Map.entry("smtp", 25),
            Map.entry("submission", 587),
            Map.entry("pop", 110),
            Map.entry("pop3", 110),
            Map.entry("pops", 995),
            Map.entry("imap", 143),
            Map.entry("imaps", 993),
            Map.entry("ldap", 389),
            Map.entry("ldaps", 636),
            Map.entry("nntp", 119),
            Map.entry("dns", 53),
            Map.entry("domain", 53),
            Map.entry("mysql", 3306),
            Map.entry("pgsql", 5432),
            Map.entry("sip", 5060),
            Map.entry("ssh", 22));
    private static final Pattern REAL = Pattern.compile(
            "([^\\s:>-]+|\\[[^\\]]+\\])(?:->([^\\s:]+|\\[[^\\]]+\\]))?(?::(\\w+))?\\s+(gate|masq|ipip)(?:\\s+(\\d+))?(?:\\s+(\".*))?");
    private static final Pattern REQUEST =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"(?:\\s*,\\s*\"((?:[^\"\\\\]|\\\\.)*)\")?");
    /** Maximum number of real servers in one line. */
    private static final int MAX_RANGE = 65_536;

    private final Problems problems;

    LdirectordServers(Problems problems) {
        this.problems = problems;
    }

    /** @param port 0 is none */
    record Address(InetAddress address, int port) {}

    record RealServer(
            Address address,
            String method,
            Optional<String> weight,
            Optional<String> request,
            Optional<String> receive) {}

    static List<Word> words(Address address) {
        List<Word> words = new ArrayList<>(List.of(word(IpAddresses.text(address.address()))));
        if (address.port() != 0) {
            words.add(word("" + address.port()));
        }
        return words;
    }

    Optional<Address> address(String text, Setting setting) {
        boolean bracketed = text.startsWith("[");
        int colon = bracketed ? text.indexOf("]:") + 1 : text.lastIndexOf(':');
        boolean hasPort = colon > 0;
        String host = hasPort ? text.substring(0, colon) : text;
        return numbered(host, hasPort ? text.substring(colon + 1) : "", setting);
    }

    Optional<Address> numbered(String host, String port, Setting setting) {
        Optional<InetAddress> address = IpAddresses.address(host.replaceAll("^\\[|\\]$", ""));
        if (address.isEmpty()) {
            problems.error(
                    setting.origin(),
                    "invalid address '" + host + "', not converted",
                    "names are not resolved: write the address");
            return Optional.empty();
        }
        Integer number = port.isEmpty() ? Integer.valueOf(0) : port(port);
        if (number == null || number > 65_535) {
            problems.error(setting.origin(), "invalid port '" + port + "', not converted", "write the port number");
            return Optional.empty();
        }
        return Optional.of(new Address(address.get(), number));
    }

    static @Nullable Integer port(String text) {
        return text.matches("\\d{1,5}") ? Integer.valueOf(text) : SERVICES.get(text);
    }

    List<RealServer> realServers(Service service) {
        List<RealServer> servers = new ArrayList<>();
        for (Setting setting : service.settings()) {
            if (!setting.name().equals("real") && !setting.name().equals("real6")) {
                continue;
            }
            Matcher m = REAL.matcher(setting.value());
            if (!m.matches()) {
                problems.error(
                        setting.origin(),
                        "invalid real server, not converted",
                        "expected: ADDRESS[->ADDRESS][:PORT] gate|masq|ipip [WEIGHT] [\"REQUEST\", \"RECEIVE\"]");
                continue;
            }
            String port = m.group(3) == null ? "" : m.group(3);
            Optional<Address> first = numbered(m.group(1), port, setting);
            Optional<Address> last = m.group(2) == null ? first : numbered(m.group(2), port, setting);
            if (first.isPresent() && last.isPresent()) {
                Matcher request = REQUEST.matcher(m.group(6) == null ? "" : m.group(6));
                boolean own = request.lookingAt();
                for (InetAddress each : range(first.get().address(), last.get().address(), setting)) {
                    servers.add(new RealServer(
                            new Address(each, first.get().port()),
                            m.group(4),
                            Optional.ofNullable(m.group(5)),
                            own ? Optional.ofNullable(request.group(1)) : Optional.empty(),
                            own ? Optional.ofNullable(request.group(2)) : Optional.empty()));
                }
            }
        }
        return servers;
    }

    List<InetAddress> range(InetAddress first, InetAddress last, Setting setting) {
        byte[] bytes = first.getAddress();
        BigInteger from = new BigInteger(1, bytes);
        BigInteger count = new BigInteger(1, last.getAddress()).subtract(from);
        if (bytes.length != last.getAddress().length
                || count.signum() < 0
                || count.bitLength() > 31
                || count.intValue() >= MAX_RANGE) {
            problems.error(
                    setting.origin(),
                    "invalid address range: expected at most " + MAX_RANGE + " addresses in ascending order");
            return List.of();
        }
        List<InetAddress> all = new ArrayList<>();
        for (int i = 0; i <= count.intValue(); i++) {
            byte[] value = from.add(BigInteger.valueOf(i)).toByteArray();
            byte[] out = new byte[bytes.length];
            int length = Math.min(value.length, out.length);
            System.arraycopy(value, value.length - length, out, out.length - length, length);
            all.add(IpAddresses.ofBytes(out));
        }
        return all;
    }

    /** The service whose port this is. */
    static String serviceOf(int port) {
        return SERVICES.entrySet().stream()
                .filter(e -> e.getValue() == port)
                .map(Map.Entry::getKey)
                .min(String::compareTo)
                .map(n -> n.equals("domain") ? "dns" : n)
                .orElse("none");
    }
}
