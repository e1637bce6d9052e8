package io.lvsd.conf.load;

import io.lvsd.conf.check.BfdKind;
import io.lvsd.conf.check.FileKind;
import io.lvsd.conf.check.tls.TlsKeywords;
import io.lvsd.conf.check.tls.TlsReader;
import io.lvsd.conf.keyword.GlobalKeywords;
import io.lvsd.conf.keyword.RootKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Script;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.source.ProgramReference;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.BfdInstance;
import io.lvsd.conf.value.Program;
import io.lvsd.conf.value.RunAs;
import io.lvsd.conf.value.TrackFile;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The definitions at the top of a file to which checks refer, and global settings. */
final class Definitions {
    private final Problems problems;
    private final boolean ordered;
    private final Settings global;
    private final Optional<Settings> ssl;
    private final Map<String, TrackFile> files = new HashMap<>();
    private final Map<String, BfdInstance> sessions = new HashMap<>();

    /** @param ordered whether the order of lines is significant */
    Definitions(Settings root, boolean ordered, Problems problems) {
        this.problems = problems;
        this.ordered = ordered;
        this.global = Language.read(
                Scope.GLOBAL_DEFS,
                root.all(RootKeywords.GLOBAL_DEFS_BLOCK).stream()
                        .flatMap(s -> ConfigBuilder.blockOf(s).stream())
                        .toList(),
                problems);
        this.ssl = root.get(TlsKeywords.SSL_BLOCK)
                .map(s -> Language.read(TlsKeywords.SSL, ConfigBuilder.blockOf(s), problems));
        ssl.ifPresent(s -> TlsReader.ofSsl(s, problems));
        root.all(FileKind.TRACK_FILE_BLOCK).forEach(this::trackFile);
        root.all(BfdKind.BFD_INSTANCE_BLOCK).forEach(this::bfd);
    }

    private boolean isTaken(Statement block, Map<String, ?> map) {
        String name = name(block);
        if (map.containsKey(name)) {
            problems.error(
                    block.words().getFirst().origin(),
                    "duplicate " + block.name() + " '" + name + "', the first one is used");
        }
        return map.containsKey(name);
    }

    private static String name(Statement block) {
        return block.words().getFirst().text();
    }

    private void trackFile(Statement block) {
        Settings settings = Language.read(FileKind.TRACK_FILE, ConfigBuilder.blockOf(block), problems);
        FileKind.trackFile(settings, block, problems)
                .filter(_ -> !isTaken(block, files))
                .ifPresent(file -> files.put(file.name(), file));
    }

    private void bfd(Statement block) {
        Settings settings = Language.read(BfdKind.BFD_INSTANCE, ConfigBuilder.blockOf(block), problems);
        BfdKind.session(settings, block, problems)
                .filter(_ -> !isTaken(block, sessions))
                .ifPresent(session -> sessions.put(session.name(), session));
    }

    Optional<TrackFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    Optional<BfdInstance> session(String name) {
        return Optional.ofNullable(sessions.get(name));
    }

    /** Whether the order of lines in a block is significant. */
    boolean isOrdered() {
        return ordered;
    }

    Settings global() {
        return global;
    }

    Program program(Script script) {
        return new Program(script.argv(), scriptUser(script.user()));
    }

    /** What a script's line refers to. */
    static ProgramReference reference(String use, Script script) {
        return new ProgramReference(use, script.argv().getFirst(), script.origin(), false);
    }

    /** Whether mail is sent about a server without {@code smtp_alert}. */
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

    /** The user of a script, where {@code own} is the script's own one. */
    Optional<RunAs> scriptUser(Optional<RunAs> own) {
        return own.or(() -> global.get(GlobalKeywords.SCRIPT_USER))
                .map(u -> new RunAs(
                        u.user(), u.group(), u.allGroups() || global.isOn(GlobalKeywords.SET_SUPPLEMENTARY_GROUPS)));
    }

    /** The block {@code SSL}, if there is one. */
    Optional<Settings> ssl() {
        return ssl;
    }
}
