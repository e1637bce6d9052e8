package io.lvsd.core.store;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.MaintenanceConfig.Drain;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.MaintenanceEntry;
import io.lvsd.core.model.PercentEncoding;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.StoredResult;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** One line of the store. Later lines override earlier ones. */
sealed interface StoreRecord {
    /** Stands for an absent value. */
    String NONE = "-";
    /** Stands for a drain without a limit. */
    String UNLIMITED = "unlimited";

    /** The record as text; {@link #parse} reads it. */
    String line();

    /** {@code result CHECK STATE REASON BOOT UPTIME}: the state of a check that its results decided. */
    record Result(String check, StoredResult state) implements StoreRecord {
        @Override
        public String line() {
            return "result " + PercentEncoding.word(check) + " " + words(state);
        }
    }

    /** {@code quorum VS STATE REASON BOOT UPTIME}: the state of the quorum of a virtual server. */
    record Quorum(String server, StoredResult state) implements StoreRecord {
        @Override
        public String line() {
            return "quorum " + PercentEncoding.word(server) + " " + words(state);
        }
    }

    /** A virtual server that is no longer configured. */
    record QuorumRemoved(String server) implements StoreRecord {
        @Override
        public String line() {
            return "quorum_removed " + PercentEncoding.word(server);
        }
    }

    /** A check that is no longer configured. */
    record ResultRemoved(String check) implements StoreRecord {
        @Override
        public String line() {
            return "result_removed " + PercentEncoding.word(check);
        }
    }

    /** A service that lvsd has created or adopted. */
    record Owned(ServiceKey service) implements StoreRecord {
        @Override
        public String line() {
            return "owned " + service;
        }
    }

    /** A service that lvsd has deleted or released. */
    record Disowned(ServiceKey service) implements StoreRecord {
        @Override
        public String line() {
            return "disowned " + service;
        }
    }

    /** {@code kernel TCP,TCPFIN,UDP DAEMONS}: changes of global IPVS settings. */
    record Kernel(KernelJournal journal) implements StoreRecord {
        @Override
        public String line() {
            return "kernel "
                    + journal.timeouts()
                            .map(t -> t.tcp() + "," + t.tcpFin() + "," + t.udp())
                            .orElse(NONE)
                    + " " + (journal.daemons() ? "daemons" : NONE);
        }
    }

    /** {@code override VS,RS MODE WEIGHT TIMEOUT}. */
    record ServerOverride(RsRef server, RsOverride value) implements StoreRecord {
        @Override
        public String line() {
            return "override " + PercentEncoding.word(server.toString()) + " "
                    + value.mode().name().toLowerCase(Locale.ROOT) + " "
                    + value.weight().map(String::valueOf).orElse(NONE) + " "
                    + value.drainTimeout()
                            .map(p -> String.valueOf(p.toMillis()))
                            .orElse(NONE);
        }
    }

    /** {@code maintenance VS STATE SINCE UNTIL DRAIN NETWORKS =MESSAGE}. */
    record ServerMaintenance(VsId server, MaintenanceEntry entry) implements StoreRecord {
        @Override
        public String line() {
            MaintenanceConfig settings = entry.settings();
            return "maintenance " + PercentEncoding.word(server.text()) + " "
                    + entry.state().name().toLowerCase(Locale.ROOT) + " " + entry.since() + " "
                    + settings.until().map(Instant::toString).orElse(NONE) + " "
                    + settings.drain()
                            .map(d -> d.limit().map(Duration::toString).orElse(UNLIMITED))
                            .orElse(NONE)
                    + " "
                    + word(settings.allow().stream().map(IpNetwork::toString).collect(Collectors.joining(","))) + " "
                    + "=" + PercentEncoding.word(settings.message());
        }
    }

    /** A virtual server that is no longer in maintenance, or no longer configured. */
    record MaintenanceRemoved(VsId server) implements StoreRecord {
        @Override
        public String line() {
            return "maintenance_removed " + PercentEncoding.word(server.text());
        }
    }

    /** The daemon was running, and the results were valid, at this time of this boot. */
    record Heartbeat(String bootId, long uptimeMillis) implements StoreRecord {
        @Override
        public String line() {
            return "heartbeat " + bootId + " " + uptimeMillis;
        }
    }

    /** A kernel setting before lvsd changed it. */
    record Sysctl(String path, String original) implements StoreRecord {
        @Override
        public String line() {
            return "sysctl " + path + " " + original;
        }
    }

    /** A kernel setting that was restored. */
    record SysctlRestored(String path) implements StoreRecord {
        @Override
        public String line() {
            return "sysctl_restored " + path;
        }
    }

    /** SNMP row number of a service, and the last day on which it was used. */
    record ServiceRow(ServiceKey service, int number, long day) implements StoreRecord {
        @Override
        public String line() {
            return "service_row " + service + " " + number + " " + day;
        }
    }

    /** SNMP row number of a destination within its service, and the last day on which it was used. */
    record DestinationRow(ServiceKey service, DestinationKey destination, int number, long day) implements StoreRecord {
        @Override
        public String line() {
            return "destination_row " + service + " " + destination + " " + number + " " + day;
        }
    }

    /** SNMP row number of a virtual server, and the last day on which it was used. */
    record VirtualRow(VsId server, int number, long day) implements StoreRecord {
        @Override
        public String line() {
            return "virtual_row " + PercentEncoding.word(server.text()) + " " + number + " " + day;
        }
    }

    /** SNMP row number of a real server within its virtual server, and the last day on which it was used. */
    record RealRow(VsId server, String real, int number, long day) implements StoreRecord {
        @Override
        public String line() {
            return "real_row " + PercentEncoding.word(server.text()) + " " + PercentEncoding.word(real) + " " + number
                    + " " + day;
        }
    }

    /** All SNMP row numbers that were not used within the 90 days before this day are forgotten. */
    record RowsForgotten(long day) implements StoreRecord {
        @Override
        public String line() {
            return "rows_forgotten " + day;
        }
    }

    /** {@code snmp_engine ID BOOTS}: the engine of SNMPv3, in hexadecimal digits, and how often it was started. */
    record SnmpEngine(String id, int boots) implements StoreRecord {
        @Override
        public String line() {
            return "snmp_engine " + id + " " + boots;
        }
    }

    /** @throws RuntimeException for a line that is not a valid record */
    static StoreRecord parse(String line) {
        String[] words = line.split(" ");
        return switch (words[0]) {
            case "result" -> new Result(PercentEncoding.text(words[1]), state(words));
            case "quorum" -> new Quorum(PercentEncoding.text(words[1]), state(words));
            case "quorum_removed" -> new QuorumRemoved(PercentEncoding.text(words[1]));
            case "result_removed" -> new ResultRemoved(PercentEncoding.text(words[1]));
            case "owned" -> new Owned(service(words[1]));
            case "disowned" -> new Disowned(service(words[1]));
            case "kernel" -> new Kernel(new KernelJournal(timeouts(words[1]), words[2].equals("daemons")));
            case "override" -> new ServerOverride(server(PercentEncoding.text(words[1])), override(words));
            case "maintenance" -> new ServerMaintenance(virtual(words[1]), maintenance(words));
            case "maintenance_removed" -> new MaintenanceRemoved(virtual(words[1]));
            case "heartbeat" -> new Heartbeat(words[1], Long.parseLong(words[2]));
            case "sysctl" -> new Sysctl(words[1], words[2]);
            case "sysctl_restored" -> new SysctlRestored(words[1]);
            case "service_row" ->
                new ServiceRow(service(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]));
            case "destination_row" ->
                new DestinationRow(
                        service(words[1]),
                        Keys.destination(words[2]).orElseThrow(),
                        Integer.parseInt(words[3]),
                        Long.parseLong(words[4]));
            case "virtual_row" ->
                new VirtualRow(virtual(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]));
            case "real_row" ->
                new RealRow(
                        virtual(words[1]),
                        PercentEncoding.text(words[2]),
                        Integer.parseInt(words[3]),
                        Long.parseLong(words[4]));
            case "rows_forgotten" -> new RowsForgotten(Long.parseLong(words[1]));
            case "snmp_engine" -> new SnmpEngine(words[1], Integer.parseInt(words[2]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static String words(StoredResult state) {
        return (state.up() ? "up " : "down ") + word(state.reason()) + " " + word(state.bootId()) + " "
                + state.changedMillis();
    }

    private static String word(String text) {
        return text.isEmpty() ? NONE : text;
    }

    private static StoredResult state(String[] words) {
        return new StoredResult(words[2].equals("up"), text(words[3]), text(words[4]), Long.parseLong(words[5]));
    }

    private static String text(String word) {
        return word.equals(NONE) ? "" : word;
    }

    private static ServiceKey service(String text) {
        return Keys.service(text).orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static Optional<IpvsTimeouts> timeouts(String text) {
        if (text.equals(NONE)) {
            return Optional.empty();
        }
        String[] seconds = text.split(",");
        return Optional.of(
                new IpvsTimeouts(Long.parseLong(seconds[0]), Long.parseLong(seconds[1]), Long.parseLong(seconds[2])));
    }

    private static VsId virtual(String word) {
        return new VsId(PercentEncoding.text(word));
    }

    private static RsRef server(String text) {
        int comma = text.lastIndexOf(',');
        DestinationKey server = Keys.destination(text.substring(comma + 1)).orElseThrow();
        return new RsRef(new VsId(text.substring(0, comma)), new RsId(server.address(), server.port()));
    }

    private static MaintenanceEntry maintenance(String[] words) {
        Optional<String> drain = Optional.of(words[5]).filter(w -> !w.equals(NONE));
        String networks = text(words[6]);
        return new MaintenanceEntry(
                MaintenanceEntry.State.valueOf(words[2].toUpperCase(Locale.ROOT)),
                new MaintenanceConfig(
                        PercentEncoding.text(words[7].substring(1)),
                        words[4].equals(NONE) ? Optional.empty() : Optional.of(Instant.parse(words[4])),
                        networks.isEmpty()
                                ? List.of()
                                : Arrays.stream(networks.split(","))
                                        .map(n -> IpNetwork.parse(n).orElseThrow())
                                        .toList(),
                        drain.map(d ->
                                new Drain(d.equals(UNLIMITED) ? Optional.empty() : Optional.of(Duration.parse(d))))),
                Instant.parse(words[3]));
    }

    private static RsOverride override(String[] words) {
        return new RsOverride(
                RsOverride.Mode.valueOf(words[2].toUpperCase(Locale.ROOT)),
                words[3].equals(NONE) ? Optional.empty() : Optional.of(Long.parseLong(words[3])),
                words[4].equals(NONE) ? Optional.empty() : Optional.of(Duration.ofMillis(Long.parseLong(words[4]))));
    }
}
