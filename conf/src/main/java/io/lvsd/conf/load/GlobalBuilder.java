package io.lvsd.conf.load;

import io.lvsd.conf.keyword.GlobalKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Keywords;
import io.lvsd.conf.keyword.MoreTypes.Script;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.KernelConfig.StopFlush;
import io.lvsd.conf.model.KernelConfig.SyncDaemonConfig;
import io.lvsd.conf.model.KernelConfig.Timeouts;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Fifo;
import io.lvsd.conf.model.NotifyConfig.Mail;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.conf.model.NotifyConfig.Webhook;
import io.lvsd.conf.model.OperationConfig;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code global_defs} says of the table as a whole, of operation, and of whom to tell what happens. */
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

    /** @param besideVrrp whether the file has VRRP's blocks, so that keepalived runs beside and acts on some of its lines */
    GlobalBuilder(Definitions definitions, boolean besideVrrp, Problems problems) {
        this.global = definitions.global();
        this.definitions = definitions;
        this.besideVrrp = besideVrrp;
        this.problems = problems;
    }

    // ---- the table

    KernelConfig kernel() {
        return new KernelConfig(
                global.get(GlobalKeywords.LVS_TIMEOUTS)
                        .map(t -> new Timeouts(number(t, "tcp"), number(t, "tcpfin"), number(t, "udp"))),
                global.get(GlobalKeywords.LVS_SYNC_DAEMON).flatMap(this::syncDaemon),
                global.isOn(GlobalKeywords.LVS_FLUSH),
                global.get(GlobalKeywords.LVS_FLUSH_ON_STOP)
                        .map(words -> words.isEmpty() ? StopFlush.ALL : StopFlush.OURS)
                        .orElse(StopFlush.NONE));
    }

    private static long number(Map<String, String> values, String name) {
        return Long.parseLong(values.getOrDefault(name, "0"));
    }

    private Optional<SyncDaemonConfig> syncDaemon(Map<String, String> values) {
        Origin origin = global.originOf(GlobalKeywords.LVS_SYNC_DAEMON, Origin.ofFile(""));
        if (values.containsKey("inst")) {
            problems.warning(
                    origin,
                    "lvs_sync_daemon with inst follows a VRRP instance: it is left to keepalived",
                    "without inst lvsd runs both roles itself");
            return Optional.empty();
        }
        return Optional.of(new SyncDaemonConfig(
                values.getOrDefault("interface", ""),
                (int) number(values, "id"),
                (int) number(values, "maxlen"),
                Optional.ofNullable(values.get("group")).flatMap(IpAddresses::address),
                (int) number(values, "port"),
                (int) number(values, "ttl"),
                origin));
    }

    // ---- operation

    /** The file of the reload time is keepalived's to delete where it runs beside. */
    OperationConfig operation() {
        Optional<Path> reloadFile = isKeepaliveds(GlobalKeywords.RELOAD_FILE)
                ? Optional.empty()
                : global.get(GlobalKeywords.RELOAD_FILE)
                        .map(words -> words.isEmpty() ? RELOAD_FILE : words.getFirst())
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
                "'" + keyword.name() + "': '" + text + "' is not an absolute path",
                "write it from the root: /run/" + text);
        return Optional.empty();
    }

    // ---- whom to tell

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
                own.get(Keywords.SCRIPT_TIMEOUT).orElse(NotifyConfig.SCRIPT_TIMEOUT),
                own.all(Keywords.WEBHOOK_BLOCK).stream()
                        .flatMap(b -> webhook(b).stream())
                        .toList());
    }

    private Optional<Mail> mail() {
        List<String> to = new ArrayList<>();
        for (Statement block : global.all(GlobalKeywords.NOTIFICATION_EMAIL)) {
            for (Statement line : ConfigBuilder.linesOf(block)) {
                to.add(line.name());
                line.words().stream().map(Word::text).forEach(to::add);
            }
        }
        Optional<List<String>> server = global.get(GlobalKeywords.SMTP_SERVER);
        if (to.isEmpty() != server.isEmpty()) {
            problems.warning(
                    to.isEmpty()
                            ? global.originOf(GlobalKeywords.SMTP_SERVER, Origin.ofFile(""))
                            : global.originOf(GlobalKeywords.NOTIFICATION_EMAIL, Origin.ofFile("")),
                    "no mail is sent: that needs both notification_email and smtp_server");
        }
        if (to.isEmpty() || server.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = server.get();
        return Optional.of(new Mail(
                to,
                global.get(GlobalKeywords.NOTIFICATION_EMAIL_FROM),
                words.getFirst(),
                words.size() > 1 ? Integer.parseInt(words.get(1)) : SMTP,
                global.get(GlobalKeywords.SMTP_HELO_NAME),
                Duration.ofSeconds(
                        global.get(GlobalKeywords.SMTP_CONNECT_TIMEOUT).orElse(MAIL_SECONDS))));
    }

    /** The same FIFO under both keywords is one. */
    private List<Fifo> fifos() {
        Map<Path, Fifo> fifos = new LinkedHashMap<>();
        if (!isKeepaliveds(GlobalKeywords.NOTIFY_FIFO) && !isKeepaliveds(GlobalKeywords.NOTIFY_FIFO_SCRIPT)) {
            add(fifos, GlobalKeywords.NOTIFY_FIFO, GlobalKeywords.NOTIFY_FIFO_SCRIPT);
        }
        add(fifos, GlobalKeywords.LVS_NOTIFY_FIFO, GlobalKeywords.LVS_NOTIFY_FIFO_SCRIPT);
        return List.copyOf(fifos.values());
    }

    private void add(Map<Path, Fifo> fifos, Keyword<List<String>> name, Keyword<Script> script) {
        Optional<List<String>> words = global.get(name);
        if (words.isEmpty() && global.mentions(script)) {
            problems.warning(
                    global.originOf(script, Origin.ofFile("")),
                    "'" + script.name() + "' without '" + name.name() + "'");
        }
        words.ifPresent(w -> {
            Path path = Path.of(w.getFirst());
            fifos.putIfAbsent(
                    path,
                    new Fifo(
                            path,
                            w.size() > 1
                                    ? definitions.scriptUser(Optional.of(w.subList(1, w.size())))
                                    : Optional.empty(),
                            global.get(script).map(definitions::program)));
        });
    }

    private Optional<Timed> timed(Keyword<Script> script, Keyword<Long> timeout) {
        if (isKeepaliveds(script)) {
            return Optional.empty();
        }
        return global.get(script)
                .map(s -> new Timed(
                        definitions.program(s),
                        Duration.ofSeconds(global.get(timeout).orElse(SCRIPT_SECONDS))));
    }

    /** Whether a line is acted on by the keepalived that runs beside. */
    private boolean isKeepaliveds(Keyword<?> keyword) {
        boolean theirs = besideVrrp && global.mentions(keyword);
        if (theirs) {
            problems.warning(
                    global.originOf(keyword, Origin.ofFile("")),
                    "'" + keyword.name() + "' is left to keepalived, as this file has vrrp_instance");
        }
        return theirs;
    }

    private Optional<Webhook> webhook(Statement block) {
        Settings settings = Settings.read(Scope.WEBHOOK, ConfigBuilder.blockOf(block), problems);
        return Definitions.required(settings, Keywords.WEBHOOK_URL, block, problems)
                .map(url -> new Webhook(
                        url,
                        settings.get(Keywords.WEBHOOK_SECRET).map(Path::of),
                        settings.get(Keywords.WEBHOOK_RETRY).orElse(WEBHOOK_RETRY)));
    }
}
