package io.lvsd.conf.load;

import io.lvsd.conf.keyword.FifoFile;
import io.lvsd.conf.keyword.GlobalKeywords;
import io.lvsd.conf.keyword.GlobalTypes.SyncDaemon;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.LvsdKeywords;
import io.lvsd.conf.keyword.MailServer;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Script;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Fifo;
import io.lvsd.conf.model.NotifyConfig.Mail;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.conf.model.NotifyConfig.Webhook;
import io.lvsd.conf.model.OperationConfig;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.source.ProgramReference;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.StopFlush;
import io.lvsd.conf.value.SyncDaemonConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of {@code global_defs}: the table as a whole, operation, notifications. */
final class GlobalBuilder {
    private static final String RELOAD_FILE = "/run/keepalived.reload";
    private static final int SMTP = 25;
    private static final long MAIL_SECONDS = 30;
    private static final long SCRIPT_SECONDS = 10;
    private static final Duration WEBHOOK_RETRY = Duration.ofSeconds(60);

    private final Settings global;
    private final Definitions definitions;
    private final boolean besideVrrp;
    private final Problems problems;
    private final List<ProgramReference> programs = new ArrayList<>();

    /** @param besideVrrp whether the file has VRRP blocks: keepalived uses it too, and some lines are left to it */
    GlobalBuilder(Definitions definitions, boolean besideVrrp, Problems problems) {
        this.global = definitions.global();
        this.definitions = definitions;
        this.besideVrrp = besideVrrp;
        this.problems = problems;
    }

    // ---- the table

    KernelConfig kernel() {
        return new KernelConfig(
                global.get(GlobalKeywords.LVS_TIMEOUTS),
                global.get(GlobalKeywords.LVS_SYNC_DAEMON).flatMap(this::syncDaemon),
                global.isOn(GlobalKeywords.LVS_FLUSH),
                global.get(GlobalKeywords.LVS_FLUSH_ON_STOP).orElse(StopFlush.NONE));
    }

    private Optional<SyncDaemonConfig> syncDaemon(SyncDaemon daemon) {
        if (daemon.followsVrrp()) {
            problems.warning(
                    daemon.origin(),
                    "lvs_sync_daemon with inst follows a VRRP instance: it is left to keepalived",
                    "remove inst if lvsd is to run both roles");
            return Optional.empty();
        }
        return Optional.of(daemon.config());
    }

    /** Of the line of {@link KernelConfig#syncDaemon}. */
    Optional<Origin> syncDaemonOrigin() {
        return global.get(GlobalKeywords.LVS_SYNC_DAEMON).map(SyncDaemon::origin);
    }

    // ---- operation

    /** keepalived deletes the file of the reload time where it uses the file too. */
    OperationConfig operation() {
        Optional<Path> reloadFile = isKeepaliveds(GlobalKeywords.RELOAD_FILE)
                ? Optional.empty()
                : global.get(GlobalKeywords.RELOAD_FILE)
                        .map(path -> path.orElse(RELOAD_FILE))
                        .flatMap(text -> absolute(GlobalKeywords.RELOAD_FILE, text));
        Optional<Path> timeFile = global.get(GlobalKeywords.RELOAD_TIME_FILE)
                .flatMap(text -> absolute(GlobalKeywords.RELOAD_TIME_FILE, text));
        return new OperationConfig(
                reloadFile,
                timeFile,
                global.isOn(GlobalKeywords.RELOAD_REPEAT) || besideVrrp && timeFile.isPresent(),
                global.get(GlobalKeywords.STATE_DUMP_FILE));
    }

    private Optional<Path> absolute(Keyword<?> keyword, String text) {
        if (text.startsWith("/")) {
            return Optional.of(Path.of(text));
        }
        problems.error(
                global.originOf(keyword, Origin.ofFile("")),
                "invalid " + keyword.name() + " '" + text + "': expected an absolute path",
                "such as /run/" + text);
        return Optional.empty();
    }

    // ---- notifications

    /** @param own settings of the block {@code lvsd} */
    NotifyConfig notices(Settings own) {
        return new NotifyConfig(
                global.get(GlobalKeywords.ROUTER_ID),
                mail(),
                fifos(),
                !global.isOn(GlobalKeywords.NO_CHECKER_EMAILS),
                global.isOn(GlobalKeywords.RS_INIT_NOTIFIES),
                timed(GlobalKeywords.STARTUP_SCRIPT, GlobalKeywords.STARTUP_SCRIPT_TIMEOUT),
                timed(GlobalKeywords.SHUTDOWN_SCRIPT, GlobalKeywords.SHUTDOWN_SCRIPT_TIMEOUT),
                own.get(LvsdKeywords.SCRIPT_TIMEOUT).orElse(NotifyConfig.SCRIPT_TIMEOUT),
                own.all(LvsdKeywords.WEBHOOK_BLOCK).stream()
                        .flatMap(b -> webhook(b).stream())
                        .toList());
    }

    /** The programs of the notifications that {@link #notices} returned. */
    List<ProgramReference> programs() {
        return programs;
    }

    private Optional<Mail> mail() {
        List<String> to = new ArrayList<>();
        for (Statement block : global.all(GlobalKeywords.NOTIFICATION_EMAIL)) {
            for (Statement line : ConfigBuilder.linesOf(block)) {
                to.add(line.name());
                line.words().stream().map(Word::text).forEach(to::add);
            }
        }
        Optional<MailServer> server = global.get(GlobalKeywords.SMTP_SERVER);
        if (to.isEmpty() != server.isEmpty()) {
            problems.warning(
                    to.isEmpty()
                            ? global.originOf(GlobalKeywords.SMTP_SERVER, Origin.ofFile(""))
                            : global.originOf(GlobalKeywords.NOTIFICATION_EMAIL, Origin.ofFile("")),
                    "no mail is sent: notification_email and smtp_server are both required");
        }
        if (to.isEmpty() || server.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Mail(
                to,
                global.get(GlobalKeywords.NOTIFICATION_EMAIL_FROM),
                server.get().host(),
                server.get().port().orElse(SMTP),
                global.get(GlobalKeywords.SMTP_HELO_NAME),
                Duration.ofSeconds(
                        global.get(GlobalKeywords.SMTP_CONNECT_TIMEOUT).orElse(MAIL_SECONDS))));
    }

    /** A path under both keywords is one FIFO. */
    private List<Fifo> fifos() {
        Map<Path, Fifo> fifos = new LinkedHashMap<>();
        if (!isKeepaliveds(GlobalKeywords.NOTIFY_FIFO) && !isKeepaliveds(GlobalKeywords.NOTIFY_FIFO_SCRIPT)) {
            add(fifos, GlobalKeywords.NOTIFY_FIFO, GlobalKeywords.NOTIFY_FIFO_SCRIPT);
        }
        add(fifos, GlobalKeywords.LVS_NOTIFY_FIFO, GlobalKeywords.LVS_NOTIFY_FIFO_SCRIPT);
        return List.copyOf(fifos.values());
    }

    private void add(Map<Path, Fifo> fifos, Keyword<FifoFile> name, Keyword<Script> script) {
        Optional<FifoFile> file = global.get(name);
        if (file.isEmpty() && global.mentions(script)) {
            problems.warning(
                    global.originOf(script, Origin.ofFile("")),
                    "'" + script.name() + "' requires '" + name.name() + "', ignored");
        }
        file.filter(f -> !fifos.containsKey(f.path())).ifPresent(f -> {
            Optional<Script> reader = global.get(script);
            reader.ifPresent(s -> programs.add(Definitions.reference("FIFO script of " + f.path(), s)));
            fifos.put(
                    f.path(),
                    new Fifo(
                            f.path(),
                            f.owner().flatMap(o -> definitions.scriptUser(Optional.of(o))),
                            reader.map(definitions::program)));
        });
    }

    private Optional<Timed> timed(Keyword<Script> script, Keyword<Long> timeout) {
        if (isKeepaliveds(script)) {
            return Optional.empty();
        }
        Optional<Script> written = global.get(script);
        written.ifPresent(s -> programs.add(Definitions.reference(script.name(), s)));
        return written.map(s -> new Timed(
                definitions.program(s), Duration.ofSeconds(global.get(timeout).orElse(SCRIPT_SECONDS))));
    }

    /** Whether a line is left to keepalived. */
    private boolean isKeepaliveds(Keyword<?> keyword) {
        boolean theirs = besideVrrp && global.mentions(keyword);
        if (theirs) {
            problems.warning(
                    global.originOf(keyword, Origin.ofFile("")),
                    "'" + keyword.name() + "' is left to keepalived, because this file has vrrp_instance");
        }
        return theirs;
    }

    private Optional<Webhook> webhook(Statement block) {
        Settings settings = Language.read(Scope.WEBHOOK, ConfigBuilder.blockOf(block), problems);
        return settings.required(LvsdKeywords.WEBHOOK_URL, block, problems)
                .map(url -> new Webhook(
                        url,
                        settings.get(LvsdKeywords.WEBHOOK_SECRET).map(Path::of),
                        settings.get(LvsdKeywords.WEBHOOK_RETRY).orElse(WEBHOOK_RETRY)));
    }
}
