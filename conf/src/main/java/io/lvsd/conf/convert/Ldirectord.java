package io.lvsd.conf.convert;

import static io.lvsd.conf.keyword.BlockBuilder.word;

import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.convert.LdirectordFile.Service;
import io.lvsd.conf.convert.LdirectordFile.Setting;
import io.lvsd.conf.convert.LdirectordServers.Address;
import io.lvsd.conf.convert.LdirectordServers.RealServer;
import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * ldirectord.cf to the same tree of statements. A setting that has no counterpart is reported, and so is one that means
 * something a little different here. Nothing is resolved: a host that is named, not numbered, is reported.
 */
public final class Ldirectord {
    private final Problems problems;
    private final LdirectordFile file;
    private final LdirectordServers servers;
    private final LdirectordChecks checks;

    private Ldirectord(Problems problems) {
        this.problems = problems;
        this.file = new LdirectordFile(problems);
        this.servers = new LdirectordServers(problems);
        this.checks = new LdirectordChecks(file, problems);
    }

    /** Reads a text; what has no counterpart is reported. */
    public static Tree read(String file, String text, Problems problems) {
        Ldirectord reader = new Ldirectord(problems);
        List<Statement> statements = new ArrayList<>();
        for (Service service : reader.file.services(file, text)) {
            reader.virtualServer(service).ifPresent(statements::add);
        }
        return new Tree(ConfigFormat.KEEPALIVED, statements);
    }

    static Statement line(String name, String... words) {
        return new Statement(
                word(name), List.of(words).stream().map(BlockBuilder::word).toList(), null);
    }

    static Statement block(String name, List<Word> words, List<Statement> inside) {
        return new Statement(word(name), words, inside);
    }

    // ---- one service

    private Optional<Statement> virtualServer(Service service) {
        String value = service.head().value();
        boolean mark = value.matches("\\d+");
        Optional<Address> address = mark ? Optional.empty() : servers.address(value, service.head());
        if (!mark && address.isEmpty()) {
            return Optional.empty();
        }
        String protocol = file.setting(service, "protocol")
                .map(s -> s.value().toUpperCase(Locale.ROOT))
                .orElse(mark ? "FWM" : "TCP");
        List<Statement> block = new ArrayList<>();
        if (!mark) {
            block.add(line("protocol", protocol.equals("UDP") ? "UDP" : "TCP"));
        }
        block.add(line(
                "lvs_sched",
                file.setting(service, "scheduler").map(Setting::value).orElse("wrr")));
        number(service, "persistent").ifPresent(n -> block.add(line("persistence_timeout", n)));
        service.last("netmask").ifPresent(s -> block.add(line("persistence_granularity", s.value())));
        number(service, "checkinterval")
                .ifPresentOrElse(n -> block.add(line("delay_loop", n)), () -> block.add(line("delay_loop", "10")));
        timing(service, block);
        boolean quiescent = file.setting(service, "quiescent")
                .map(s -> s.value().equalsIgnoreCase("yes"))
                .orElse(false);
        if (quiescent) {
            block.add(line("inhibit_on_failure"));
        }
        List<RealServer> realServers = servers.realServers(service);
        if (realServers.isEmpty()) {
            problems.error(service.head().origin(), "virtual service without a valid real server, not converted");
            return Optional.empty();
        }
        block.add(line("lvs_method", method(realServers.getFirst().method())));
        fallback(service, block);
        others(service);
        int port = address.map(Address::port).orElse(0);
        for (RealServer server : realServers) {
            List<Statement> inside = new ArrayList<>();
            server.weight().ifPresent(w -> inside.add(line("weight", w)));
            if (!server.method().equals(realServers.getFirst().method())) {
                inside.add(line("lvs_method", method(server.method())));
            }
            checks.check(service, server, protocol, port).ifPresent(inside::add);
            block.add(block("real_server", LdirectordServers.words(server.address()), inside));
        }
        List<Word> head = mark ? List.of(word("fwmark"), word(value)) : LdirectordServers.words(address.orElseThrow());
        return Optional.of(block("virtual_server", head, block));
    }

    private Optional<String> number(Service service, String name) {
        return file.setting(service, name)
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
        Optional<Setting> setting = file.setting(service, "fallback");
        if (setting.isEmpty()) {
            return;
        }
        String[] parts = setting.get().value().split("\\s+");
        servers.address(parts[0], setting.get()).ifPresent(address -> {
            block.add(new Statement(word("sorry_server"), LdirectordServers.words(address), null));
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
                default -> file.lost(setting, "");
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
}
