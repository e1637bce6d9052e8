package io.lvsd.core.store;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.PercentEncoding;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a store holds, as its lines say one after the other. Used by one thread. */
public final class StoreState {
    /** A row number that nobody used for so long may go to somebody else. */
    private static final String NOTHING = "-";

    private static final long FORGET_ROWS_DAYS = 90;

    private final Map<String, Boolean> verdicts = new LinkedHashMap<>();
    private final Map<RsRef, RsOverride> overrides = new LinkedHashMap<>();
    private final Set<ServiceKey> owned = new LinkedHashSet<>();
    private final Map<ServiceKey, long[]> serviceRows = new LinkedHashMap<>();
    private final Map<ServiceKey, Map<DestinationKey, long[]>> destinationRows = new LinkedHashMap<>();
    private final Map<String, String> sysctls = new LinkedHashMap<>();
    private KernelJournal kernel = KernelJournal.NONE;
    private String bootId = "";
    private long uptimeMillis;

    /** Verdicts by the text of their check's identity. */
    public Map<String, Boolean> verdicts() {
        return Map.copyOf(verdicts);
    }

    /** What operators said. */
    public Map<RsRef, RsOverride> overrides() {
        return Map.copyOf(overrides);
    }

    /** What was changed of the table as a whole. */
    public KernelJournal kernel() {
        return kernel;
    }

    public Set<ServiceKey> owned() {
        return Set.copyOf(owned);
    }

    /** Settings of the kernel as they were before lvsd changed them, by their path below /proc/sys. */
    public Map<String, String> sysctls() {
        return Map.copyOf(sysctls);
    }

    /** Numbers that were in use within the last 90 days. */
    public RowNumbers rows(long today) {
        Map<ServiceKey, Integer> services = new HashMap<>();
        Map<ServiceKey, Map<DestinationKey, Integer>> destinations = new HashMap<>();
        serviceRows.forEach((key, row) -> {
            if (today - row[1] <= FORGET_ROWS_DAYS) {
                services.put(key, (int) row[0]);
            }
        });
        destinationRows.forEach((key, rows) -> {
            Map<DestinationKey, Integer> kept = new HashMap<>();
            rows.forEach((destination, row) -> {
                if (services.containsKey(key) && today - row[1] <= FORGET_ROWS_DAYS) {
                    kept.put(destination, (int) row[0]);
                }
            });
            destinations.put(key, Map.copyOf(kept));
        });
        return new RowNumbers(services, destinations);
    }

    /** How long ago the verdicts last held, in milliseconds; -1 if that was before this boot. */
    public long ageMillis(String currentBootId, long currentUptimeMillis) {
        return bootId.equals(currentBootId) ? Math.max(0, currentUptimeMillis - uptimeMillis) : -1;
    }

    /** @throws IllegalArgumentException for a line that is no record */
    void accept(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "verdict" -> verdicts.put(PercentEncoding.text(words[1]), words[2].equals("up"));
            case "forget" -> verdicts.remove(PercentEncoding.text(words[1]));
            case "own" -> owned.add(service(words[1]));
            case "disown" -> owned.remove(service(words[1]));
            case "kernel" -> kernel(words);
            case "override" -> override(words);
            case "alive" -> {
                bootId = words[1];
                uptimeMillis = Long.parseLong(words[2]);
            }
            case "sysctl" -> sysctls.put(words[1], words[2]);
            case "sysctl_restored" -> sysctls.remove(words[1]);
            case "row" ->
                serviceRows.put(service(words[1]), new long[] {Long.parseLong(words[2]), Long.parseLong(words[3])});
            case "subrow" ->
                destinationRows
                        .computeIfAbsent(service(words[1]), _ -> new LinkedHashMap<>())
                        .put(
                                Keys.destination(words[2]).orElseThrow(),
                                new long[] {Long.parseLong(words[3]), Long.parseLong(words[4])});
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** {@code verdict CHECK up} or {@code down}. */
    static String line(String check, boolean up) {
        return "verdict " + PercentEncoding.word(check) + (up ? " up" : " down");
    }

    /** {@code override VS,RS MODE WEIGHT PATIENCE}, with a hyphen for what was not said. */
    static String line(RsRef server, RsOverride said) {
        return "override " + PercentEncoding.word(server.toString()) + " "
                + said.mode().name().toLowerCase(Locale.ROOT) + " "
                + said.weight().map(String::valueOf).orElse(NOTHING) + " "
                + said.drainTimeout().map(p -> String.valueOf(p.toMillis())).orElse(NOTHING);
    }

    /** {@code kernel TCP,TCPFIN,UDP DAEMONS}, with a hyphen for what was not changed. */
    static String line(KernelJournal journal) {
        return "kernel "
                + journal.timeouts()
                        .map(t -> t.tcp() + "," + t.tcpFin() + "," + t.udp())
                        .orElse(NOTHING)
                + " " + (journal.daemons() ? "daemons" : NOTHING);
    }

    private void kernel(String[] words) {
        Optional<IpvsTimeouts> timeouts = Optional.empty();
        if (!words[1].equals(NOTHING)) {
            String[] seconds = words[1].split(",");
            timeouts = Optional.of(new IpvsTimeouts(
                    Long.parseLong(seconds[0]), Long.parseLong(seconds[1]), Long.parseLong(seconds[2])));
        }
        kernel = new KernelJournal(timeouts, words[2].equals("daemons"));
    }

    private void override(String[] words) {
        RsOverride said = new RsOverride(
                RsOverride.Mode.valueOf(words[2].toUpperCase(Locale.ROOT)),
                words[3].equals(NOTHING) ? Optional.empty() : Optional.of(Long.parseLong(words[3])),
                words[4].equals(NOTHING) ? Optional.empty() : Optional.of(Duration.ofMillis(Long.parseLong(words[4]))));
        String text = PercentEncoding.text(words[1]);
        int comma = text.lastIndexOf(',');
        DestinationKey server = Keys.destination(text.substring(comma + 1)).orElseThrow();
        RsRef ref = new RsRef(new VsId(text.substring(0, comma)), new RsId(server.address(), server.port()));
        if (said.isNone()) {
            overrides.remove(ref);
        } else {
            overrides.put(ref, said);
        }
    }

    private static ServiceKey service(String text) {
        return Keys.service(text).orElseThrow(() -> new IllegalArgumentException(text));
    }

    /** The shortest list of lines that says the same. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        owned.forEach(key -> lines.add("own " + key));
        verdicts.forEach((check, up) -> lines.add(line(check, up)));
        if (!kernel.equals(KernelJournal.NONE)) {
            lines.add(line(kernel));
        }
        overrides.forEach((server, said) -> lines.add(line(server, said)));
        sysctls.forEach((path, value) -> lines.add("sysctl " + path + " " + value));
        serviceRows.forEach((key, row) -> lines.add("row " + key + " " + row[0] + " " + row[1]));
        destinationRows.forEach((key, rows) -> rows.forEach(
                (destination, row) -> lines.add("subrow " + key + " " + destination + " " + row[0] + " " + row[1])));
        if (!bootId.isEmpty()) {
            lines.add("alive " + bootId + " " + uptimeMillis);
        }
        return lines;
    }

    /** Lines for numbers that are new or were last noted on another day. */
    List<String> rowLines(RowNumbers rows, long today) {
        List<String> lines = new ArrayList<>();
        rows.services().forEach((key, number) -> {
            if (differs(serviceRows.get(key), number, today)) {
                lines.add("row " + key + " " + number + " " + today);
            }
        });
        rows.destinations()
                .forEach((key, numbers) -> numbers.forEach((destination, number) -> {
                    if (differs(destinationRows.getOrDefault(key, Map.of()).get(destination), number, today)) {
                        lines.add("subrow " + key + " " + destination + " " + number + " " + today);
                    }
                }));
        return lines;
    }

    private static boolean differs(long @org.jspecify.annotations.Nullable [] known, int number, long today) {
        return known == null || known[0] != number || known[1] != today;
    }
}
