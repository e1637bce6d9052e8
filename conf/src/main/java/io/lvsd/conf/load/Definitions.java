package io.lvsd.conf.load;

import io.lvsd.conf.keyword.CheckKeywords;
import io.lvsd.conf.keyword.GlobalKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Keywords;
import io.lvsd.conf.keyword.MoreTypes.Script;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.BfdInstance;
import io.lvsd.conf.value.Program;
import io.lvsd.conf.value.RunAs;
import io.lvsd.conf.value.TrackFile;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What stands at the top of a file and checks refer to. */
final class Definitions {
    private static final Duration DEFAULT_INTERVAL = Duration.ofMillis(10);
    private static final Duration DEFAULT_IDLE = Duration.ofSeconds(1);
    private static final long DEFAULT_MULTIPLIER = 5;

    private final Problems problems;
    private final boolean ordered;
    private final Settings global;
    private final Optional<Settings> ssl;
    private final Map<String, TrackFile> files = new HashMap<>();
    private final Map<String, BfdInstance> sessions = new HashMap<>();

    /** @param ordered whether the order of lines has a meaning */
    Definitions(Settings root, boolean ordered, Problems problems) {
        this.problems = problems;
        this.ordered = ordered;
        this.global = Settings.read(
                Scope.GLOBAL_DEFS,
                root.all(Keywords.GLOBAL_DEFS_BLOCK).stream()
                        .flatMap(s -> ConfigBuilder.blockOf(s).stream())
                        .toList(),
                problems);
        this.ssl = root.get(CheckKeywords.SSL_BLOCK)
                .map(s -> Settings.read(Scope.SSL, ConfigBuilder.blockOf(s), problems));
        ssl.ifPresent(s -> TlsBuilder.ofSsl(s, problems));
        root.all(CheckKeywords.TRACK_FILE_BLOCK).forEach(this::trackFile);
        root.all(CheckKeywords.BFD_INSTANCE_BLOCK).forEach(this::bfd);
    }

    private boolean isTaken(Statement block, Map<String, ?> map) {
        String name = name(block);
        if (map.containsKey(name)) {
            problems.error(
                    block.words().getFirst().origin(),
                    block.name() + " '" + name + "' is defined twice; the first one is used",
                    "");
        }
        return map.containsKey(name);
    }

    private static String name(Statement block) {
        return block.words().getFirst().text();
    }

    /** A value that a block cannot do without; reports it if it was not written. */
    static <T> Optional<T> required(Settings settings, Keyword<T> keyword, Statement block, Problems problems) {
        if (!settings.mentions(keyword)) {
            problems.error(
                    block.origin(),
                    "'" + block.name() + "' without '" + keyword.name() + "' is dropped",
                    "add: " + keyword.name() + " " + keyword.type().form());
        }
        return settings.get(keyword);
    }

    private void trackFile(Statement block) {
        Settings settings = Settings.read(Scope.TRACK_FILE, ConfigBuilder.blockOf(block), problems);
        Optional<String> path = required(settings, CheckKeywords.TRACKED, block, problems);
        if (path.isEmpty() || isTaken(block, files)) {
            return;
        }
        List<String> weight = settings.get(CheckKeywords.TRACK_WEIGHT).orElse(List.of("1"));
        Optional<List<String>> init = settings.get(CheckKeywords.INIT_FILE);
        OptionalInt value = init.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(init.get().stream()
                        .filter(w -> !w.equals("overwrite"))
                        .findFirst()
                        .map(Integer::parseInt)
                        .orElse(0));
        files.put(
                name(block),
                new TrackFile(
                        name(block),
                        Path.of(path.get()),
                        Long.parseLong(weight.getFirst()),
                        weight.contains("reverse"),
                        value,
                        init.orElse(List.of()).contains("overwrite")));
    }

    private void bfd(Statement block) {
        Settings settings = Settings.read(Scope.BFD_INSTANCE, ConfigBuilder.blockOf(block), problems);
        Optional<InetAddress> neighbour = required(settings, CheckKeywords.NEIGHBOR_IP, block, problems);
        if (neighbour.isEmpty() || isTaken(block, sessions)) {
            return;
        }
        Optional<InetAddress> source = settings.get(CheckKeywords.SOURCE_IP);
        if (source.isPresent() && source.get().getClass() != neighbour.get().getClass()) {
            problems.error(
                    settings.originOf(CheckKeywords.SOURCE_IP, block.origin()),
                    "source_ip is of another address family than neighbor_ip; it is ignored");
            source = Optional.empty();
        }
        sessions.put(
                name(block),
                new BfdInstance(
                        name(block),
                        neighbour.get(),
                        source,
                        settings.get(CheckKeywords.MIN_RX).orElse(DEFAULT_INTERVAL),
                        settings.get(CheckKeywords.MIN_TX).orElse(DEFAULT_INTERVAL),
                        settings.get(CheckKeywords.IDLE_TX).orElse(DEFAULT_IDLE),
                        settings.get(CheckKeywords.MULTIPLIER)
                                .orElse(DEFAULT_MULTIPLIER)
                                .intValue(),
                        settings.isOn(CheckKeywords.PASSIVE)));
    }

    Optional<TrackFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    Optional<BfdInstance> session(String name) {
        return Optional.ofNullable(sessions.get(name));
    }

    /** Whether the order of lines in a block has a meaning. */
    boolean isOrdered() {
        return ordered;
    }

    Settings global() {
        return global;
    }

    Program program(Script script) {
        return new Program(
                script.argv(),
                scriptUser(Optional.of(script.userAndGroup()).filter(u -> !u.isEmpty())),
                script.origin());
    }

    /** Whether there is mail about a server whose block says nothing of it. */
    boolean mails(boolean otherwise) {
        return global.get(GlobalKeywords.SMTP_ALERT_CHECKER)
                .or(() -> global.get(GlobalKeywords.SMTP_ALERT_ALL))
                .orElse(otherwise);
    }

    boolean scriptSecurity() {
        return global.isOn(GlobalKeywords.ENABLE_SCRIPT_SECURITY);
    }

    boolean logAllFailures() {
        return global.isOn(GlobalKeywords.CHECKER_LOG_ALL_FAILURES);
    }

    /** Whom a script runs as that names nobody itself. */
    Optional<RunAs> scriptUser(Optional<List<String>> own) {
        return own.or(() -> global.get(GlobalKeywords.SCRIPT_USER))
                .map(words -> runAs(words, global.isOn(GlobalKeywords.SET_SUPPLEMENTARY_GROUPS)));
    }

    private static RunAs runAs(List<String> words, boolean allGroups) {
        String group = words.size() < 2 ? "" : words.get(1);
        boolean colon = group.startsWith(":");
        String name = colon ? group.substring(1) : group;
        return new RunAs(words.getFirst(), Optional.of(name).filter(n -> !n.isEmpty()), allGroups || colon);
    }

    /** Where values of {@code SSL} are looked for; empty without that block. */
    Optional<Settings> ssl() {
        return ssl;
    }
}
