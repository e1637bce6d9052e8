package io.lvsd.conf.convert;

import io.lvsd.conf.convert.LdirectordFile.Service;
import io.lvsd.conf.convert.LdirectordFile.Setting;
import io.lvsd.conf.convert.LdirectordServers.RealServer;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks of ldirectord.cf. */
final class LdirectordChecks {
    private final LdirectordFile file;
    private final Problems problems;

    LdirectordChecks(LdirectordFile file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    Optional<Statement> check(Service service, RealServer server, String protocol, int servicePort) {
        Setting none = new Setting("checktype", "negotiate", service.head().origin());
        Setting type = service.last("checktype").orElse(none);
        List<Statement> inside = new ArrayList<>();
        Optional<Setting> port = service.last("checkport");
        port.ifPresent(p -> inside.add(Ldirectord.line("connect_port", p.value())));
        return switch (type.value()) {
            case "off", "on" -> {
                if (type.value().equals("off")) {
                    file.lost(type, "the server would never be up; remove it instead");
                }
                yield Optional.empty();
            }
            case "connect" ->
                Optional.of(Ldirectord.block(protocol.equals("UDP") ? "UDP_CHECK" : "TCP_CHECK", List.of(), inside));
            case "ping" -> Optional.of(Ldirectord.block("PING_CHECK", List.of(), List.of()));
            case "external", "external-perl" -> external(service, server, type, servicePort);
            case "negotiate" -> negotiate(service, server, inside, servicePort);
            default -> {
                if (!type.value().matches("\\d+")) {
                    file.lost(type, "unknown type '" + type.value() + "'");
                    yield Optional.empty();
                }
                file.lost(type, "every probe sends a request, not one in " + type.value());
                yield negotiate(service, server, inside, servicePort);
            }
        };
    }

    Optional<Statement> external(Service service, RealServer server, Setting type, int port) {
        Optional<Setting> command = service.last("checkcommand");
        if (command.isEmpty() || type.value().equals("external-perl")) {
            file.lost(type, "no checkcommand that can be run");
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
        return Optional.of(Ldirectord.block("MISC_CHECK", List.of(), List.of(Ldirectord.line("misc_path", line))));
    }

    Optional<Statement> negotiate(Service service, RealServer server, List<Statement> inside, int servicePort) {
        int port = server.address().port() == 0 ? servicePort : server.address().port();
        String kind = service.last("service").map(Setting::value).orElseGet(() -> LdirectordServers.serviceOf(port));
        return switch (kind) {
            case "http", "https" -> {
                inside.add(Ldirectord.block("url", List.of(), url(service, server)));
                yield Optional.of(Ldirectord.block(kind.equals("http") ? "HTTP_GET" : "SSL_GET", List.of(), inside));
            }
            case "smtp", "submission" -> Optional.of(Ldirectord.block("SMTP_CHECK", List.of(), inside));
            case "dns" -> {
                server.request()
                        .or(() -> service.last("request").map(s -> unquoted(s.value())))
                        .ifPresent(r -> inside.add(Ldirectord.line("name", r)));
                inside.add(Ldirectord.line("type", "A"));
                yield Optional.of(Ldirectord.block("DNS_CHECK", List.of(), inside));
            }
            default -> {
                if (!kind.equals("none")) {
                    Setting at = service.last("service")
                            .or(() -> service.last("checktype"))
                            .orElse(service.head());
                    problems.warning(at.origin(), "no check for the protocol '" + kind + "': converted to TCP_CHECK");
                }
                yield Optional.of(Ldirectord.block("TCP_CHECK", List.of(), inside));
            }
        };
    }

    static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    List<Statement> url(Service service, RealServer server) {
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
                .ifPresent(s -> file.lost(s, "the request method is GET"));
        return values.entrySet().stream()
                .map(e -> Ldirectord.line(e.getKey(), e.getValue()))
                .toList();
    }
}
