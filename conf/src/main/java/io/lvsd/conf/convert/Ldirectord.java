package io.lvsd.conf.convert;

import static io.lvsd.conf.keyword.BlockBuilder.word;

import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * ldirectord.cf to the same tree of statements. A setting that has no counterpart is reported, and so is one that means
 * something a little different here. Nothing is resolved: a host that is named, not numbered, is reported.
 */
public final class Ldirectord {
    private static final Pattern SETTING = Pattern.compile("(\\s*)([\\w-]+)\\s*=\\s*(.*?)\\s*");
    private static final Pattern REAL = Pattern.compile(
            "([^\\s:>-]+|\\[[^\\]]+\\])(?:->([^\\s:]+|\\[[^\\]]+\\]))?(?::(\\w+))?\\s+(gate|masq|ipip)(?:\\s+(\\d+))?(?:\\s+(\".*))?");
    private static final Pattern REQUEST =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"(?:\\s*,\\s*\"((?:[^\"\\\\]|\\\\.)*)\")?");
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
    /** Real servers that one line may stand for. */
    private static final int MAX_RANGE = 65_536;

    private final Problems problems;
    private final Map<String, Setting> global = new HashMap<>();

    private Ldirectord(Problems problems) {
        this.problems = problems;
    }

    /** A line {@code NAME = VALUE}. */
    private record Setting(String name, String value, Origin origin) {}

    /** A virtual service and the settings that are indented below it. */
    private record Service(Setting head, List<Setting> settings) {
        Optional<Setting> last(String name) {
            return settings.stream().filter(s -> s.name().equals(name)).reduce((_, b) -> b);
        }
    }

    /** Reads a text; what has no counterpart is reported. */
    public static Tree read(String file, String text, Problems problems) {
        Ldirectord reader = new Ldirectord(problems);
        List<Statement> statements = new ArrayList<>();
        for (Service service : reader.services(file, text)) {
            reader.virtualServer(service).ifPresent(statements::add);
        }
        return new Tree(ConfigFormat.KEEPALIVED, statements);
    }

    private List<Service> services(String file, String text) {
        List<Service> services = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].replaceFirst("\\s*(^|\\s)#.*", "");
            if (line.isBlank()) {
                continue;
            }
            Matcher m = SETTING.matcher(line);
            if (!m.matches()) {
                problems.error(new Origin(file, i + 1, 1, lines[i]), "invalid line", "expected: NAME = VALUE");
                continue;
            }
            String name = m.group(2).toLowerCase(Locale.ROOT);
            Setting setting = new Setting(name, m.group(3), new Origin(file, i + 1, m.start(2) + 1, lines[i]));
            if (name.equals("virtual") || name.equals("virtual6")) {
                services.add(new Service(setting, new ArrayList<>()));
            } else if (m.group(1).isEmpty()) {
                global(setting);
            } else if (services.isEmpty()) {
                problems.error(setting.origin(), "indented setting without a virtual service above it");
            } else {
                services.getLast().settings().add(setting);
            }
        }
        return services;
    }

    private void global(Setting setting) {
        switch (setting.name()) {
            case "checktimeout",
                    "negotiatetimeout",
                    "checkinterval",
                    "checkcount",
                    "failurecount",
                    "fallback",
                    "quiescent" -> global.put(setting.name(), setting);
            default -> lost(setting, "");
        }
    }

    private void lost(Setting setting, String why) {
        problems.warning(
                setting.origin(),
                "'" + setting.name() + "' is not converted"
                        + (why.isEmpty() ? ": lvsd has no such setting" : ": " + why));
    }

    private Optional<Setting> setting(Service service, String name) {
        return service.last(name).or(() -> Optional.ofNullable(global.get(name)));
    }

    private static Statement line(String name, String... words) {
        return new Statement(
                word(name), List.of(words).stream().map(BlockBuilder::word).toList(), null);
    }

    private static Statement block(String name, List<Word> words, List<Statement> inside) {
        return new Statement(word(name), words, inside);
    }

    // ---- one service

    private Optional<Statement> virtualServer(Service service) {
        String value = service.head().value();
        boolean mark = value.matches("\\d+");
        Optional<Address> address = mark ? Optional.empty() : address(value, service.head());
        if (!mark && address.isEmpty()) {
            return Optional.empty();
        }
        String protocol = setting(service, "protocol")
                .map(s -> s.value().toUpperCase(Locale.ROOT))
                .orElse(mark ? "FWM" : "TCP");
        List<Statement> block = new ArrayList<>();
        if (!mark) {
            block.add(line("protocol", protocol.equals("UDP") ? "UDP" : "TCP"));
        }
        block.add(line(
                "lvs_sched", setting(service, "scheduler").map(Setting::value).orElse("wrr")));
        number(service, "persistent").ifPresent(n -> block.add(line("persistence_timeout", n)));
        service.last("netmask").ifPresent(s -> block.add(line("persistence_granularity", s.value())));
        number(service, "checkinterval")
                .ifPresentOrElse(n -> block.add(line("delay_loop", n)), () -> block.add(line("delay_loop", "10")));
        timing(service, block);
        boolean quiescent = setting(service, "quiescent")
                .map(s -> s.value().equalsIgnoreCase("yes"))
                .orElse(false);
        if (quiescent) {
            block.add(line("inhibit_on_failure"));
        }
        List<RealServer> servers = realServers(service);
        if (servers.isEmpty()) {
            problems.error(service.head().origin(), "virtual service without a valid real server, not converted");
            return Optional.empty();
        }
        block.add(line("lvs_method", method(servers.getFirst().method())));
        fallback(service, block);
        others(service);
        int port = address.map(Address::port).orElse(0);
        for (RealServer server : servers) {
            List<Statement> inside = new ArrayList<>();
            server.weight().ifPresent(w -> inside.add(line("weight", w)));
            if (!server.method().equals(servers.getFirst().method())) {
                inside.add(line("lvs_method", method(server.method())));
            }
            check(service, server, protocol, port).ifPresent(inside::add);
            block.add(block("real_server", words(server.address()), inside));
        }
        List<Word> head = mark ? List.of(word("fwmark"), word(value)) : words(address.orElseThrow());
        return Optional.of(block("virtual_server", head, block));
    }

    private Optional<String> number(Service service, String name) {
        return setting(service, name)
                .filter(s -> {
                    boolean good = s.value().matches("\\d{1,9}");
                    if (!good) {
                        problems.error(s.origin(), "invalid " + name + " '" + s.value() + "': expected a number");
                    }
                    return good;
                })
                .map(Setting::value);
    }

    private void timing(Service service, List<Statement> block) {
        boolean negotiates = service.last("checktype")
                .map(s -> s.value().equals("negotiate"))
                .orElse(true);
        number(service, negotiates ? "negotiatetimeout" : "checktimeout")
                .or(() -> number(service, "checktimeout"))
                .ifPresent(n -> block.add(line("connect_timeout", n)));
        number(service, "failurecount")
                .or(() -> number(service, "checkcount"))
                .filter(n -> Integer.parseInt(n) > 1)
                .ifPresent(n -> block.add(line("retry", "" + (Integer.parseInt(n) - 1))));
    }

    private void fallback(Service service, List<Statement> block) {
        Optional<Setting> setting = setting(service, "fallback");
        if (setting.isEmpty()) {
            return;
        }
        String[] parts = setting.get().value().split("\\s+");
        address(parts[0], setting.get()).ifPresent(address -> {
            block.add(new Statement(word("sorry_server"), words(address), null));
            if (parts.length > 1 && parts[1].matches("gate|masq|ipip")) {
                block.add(line("sorry_server_lvs_method", method(parts[1])));
            }
        });
    }

    private void others(Service service) {
        for (Setting setting : service.settings()) {
            switch (setting.name()) {
                case "real",
                        "real6",
                        "protocol",
                        "scheduler",
                        "persistent",
                        "netmask",
                        "checkinterval",
                        "checktimeout",
                        "negotiatetimeout",
                        "checkcount",
                        "failurecount",
                        "quiescent",
                        "fallback",
                        "checktype",
                        "checkport",
                        "service",
                        "request",
                        "receive",
                        "virtualhost",
                        "httpmethod",
                        "checkcommand" -> {}
                default -> lost(setting, "");
            }
        }
    }

    private static String method(String name) {
        return switch (name) {
            case "gate" -> "DR";
            case "ipip" -> "TUN";
            default -> "NAT";
        };
    }

    // ---- addresses

    /** @param port 0 is none */
    private record Address(InetAddress address, int port) {}

    private record RealServer(
            Address address,
            String method,
            Optional<String> weight,
            Optional<String> request,
            Optional<String> receive) {}

    private static List<Word> words(Address address) {
        List<Word> words = new ArrayList<>(List.of(word(IpAddresses.text(address.address()))));
        if (address.port() != 0) {
            words.add(word("" + address.port()));
        }
        return words;
    }

    private Optional<Address> address(String text, Setting setting) {
        boolean bracketed = text.startsWith("[");
        int colon = bracketed ? text.indexOf("]:") + 1 : text.lastIndexOf(':');
        boolean hasPort = colon > 0;
        String host = hasPort ? text.substring(0, colon) : text;
        return numbered(host, hasPort ? text.substring(colon + 1) : "", setting);
    }

    private Optional<Address> numbered(String host, String port, Setting setting) {
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

    private static @Nullable Integer port(String text) {
        return text.matches("\\d{1,5}") ? Integer.valueOf(text) : SERVICES.get(text);
    }

    private List<RealServer> realServers(Service service) {
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

    private List<InetAddress> range(InetAddress first, InetAddress last, Setting setting) {
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

    // ---- checks

    private Optional<Statement> check(Service service, RealServer server, String protocol, int servicePort) {
        Setting none = new Setting("checktype", "negotiate", service.head().origin());
        Setting type = service.last("checktype").orElse(none);
        List<Statement> inside = new ArrayList<>();
        Optional<Setting> port = service.last("checkport");
        port.ifPresent(p -> inside.add(line("connect_port", p.value())));
        return switch (type.value()) {
            case "off", "on" -> {
                if (type.value().equals("off")) {
                    lost(type, "the server would never be up; remove it instead");
                }
                yield Optional.empty();
            }
            case "connect" -> Optional.of(block(protocol.equals("UDP") ? "UDP_CHECK" : "TCP_CHECK", List.of(), inside));
            case "ping" -> Optional.of(block("PING_CHECK", List.of(), List.of()));
            case "external", "external-perl" -> external(service, server, type, servicePort);
            case "negotiate" -> negotiate(service, server, inside, servicePort);
            default -> {
                if (!type.value().matches("\\d+")) {
                    lost(type, "unknown type '" + type.value() + "'");
                    yield Optional.empty();
                }
                lost(type, "every probe sends a request, not one in " + type.value());
                yield negotiate(service, server, inside, servicePort);
            }
        };
    }

    private Optional<Statement> external(Service service, RealServer server, Setting type, int port) {
        Optional<Setting> command = service.last("checkcommand");
        if (command.isEmpty() || type.value().equals("external-perl")) {
            lost(type, "no checkcommand that can be run");
            return Optional.empty();
        }
        String vip = service.head().value().replaceFirst(":\\w+$", "");
        String line = String.join(
                " ",
                command.get().value(),
                vip,
                "" + port,
                IpAddresses.text(server.address().address()),
                "" + (server.address().port() == 0 ? port : server.address().port()));
        return Optional.of(block("MISC_CHECK", List.of(), List.of(line("misc_path", line))));
    }

    private Optional<Statement> negotiate(Service service, RealServer server, List<Statement> inside, int servicePort) {
        int port = server.address().port() == 0 ? servicePort : server.address().port();
        String kind = service.last("service").map(Setting::value).orElseGet(() -> serviceOf(port));
        return switch (kind) {
            case "http", "https" -> {
                inside.add(block("url", List.of(), url(service, server)));
                yield Optional.of(block(kind.equals("http") ? "HTTP_GET" : "SSL_GET", List.of(), inside));
            }
            case "smtp", "submission" -> Optional.of(block("SMTP_CHECK", List.of(), inside));
            case "dns" -> {
                server.request()
                        .or(() -> service.last("request").map(s -> unquoted(s.value())))
                        .ifPresent(r -> inside.add(line("name", r)));
                inside.add(line("type", "A"));
                yield Optional.of(block("DNS_CHECK", List.of(), inside));
            }
            default -> {
                if (!kind.equals("none")) {
                    Setting at = service.last("service")
                            .or(() -> service.last("checktype"))
                            .orElse(service.head());
                    problems.warning(at.origin(), "no check for the protocol '" + kind + "': converted to TCP_CHECK");
                }
                yield Optional.of(block("TCP_CHECK", List.of(), inside));
            }
        };
    }

    private static String serviceOf(int port) {
        return SERVICES.entrySet().stream()
                .filter(e -> e.getValue() == port)
                .map(Map.Entry::getKey)
                .min(String::compareTo)
                .map(n -> n.equals("domain") ? "dns" : n)
                .orElse("none");
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    private List<Statement> url(Service service, RealServer server) {
        Map<String, String> values = new LinkedHashMap<>();
        String path = server.request()
                .or(() -> service.last("request").map(s -> unquoted(s.value())))
                .orElse("/");
        values.put("path", path.startsWith("/") ? path : "/" + path);
        server.receive()
                .or(() -> service.last("receive").map(s -> unquoted(s.value())))
                .ifPresent(r -> values.put("regex", r));
        service.last("virtualhost").ifPresent(s -> values.put("virtualhost", unquoted(s.value())));
        service.last("httpmethod")
                .filter(s -> !s.value().equalsIgnoreCase("GET"))
                .ifPresent(s -> lost(s, "the request method is GET"));
        return values.entrySet().stream()
                .map(e -> line(e.getKey(), e.getValue()))
                .toList();
    }
}
