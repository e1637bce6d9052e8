package io.lvsd.conf.convert;

import static io.lvsd.conf.keyword.BlockBuilder.word;

import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.GlobalKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.ScriptTypes;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Fifo;
import io.lvsd.conf.model.NotifyConfig.Mail;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.conf.model.OperationConfig;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Agentx;
import io.lvsd.conf.syntax.ScriptWords;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Program;
import io.lvsd.conf.value.SyncDaemonConfig;
import io.lvsd.conf.value.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The effective {@code global_defs}. */
final class GlobalBlock {
    private final DaemonConfig config;
    private final BlockBuilder block = new BlockBuilder();

    GlobalBlock(DaemonConfig config) {
        this.config = config;
    }

    BlockBuilder block() {
        block.putIf(config.scriptSecurity(), GlobalKeywords.ENABLE_SCRIPT_SECURITY, true);
        block.putIf(sendsTraps(), GlobalKeywords.ENABLE_TRAPS, true);
        kernel(config.kernel());
        notices(config.notices());
        operation(config.operation());
        return block;
    }

    private boolean sendsTraps() {
        return config.lvsd()
                .snmp()
                .flatMap(SnmpConfig::agentx)
                .filter(Agentx::notifications)
                .isPresent();
    }

    private void operation(OperationConfig operation) {
        operation.reloadFile().ifPresent(f -> block.put(GlobalKeywords.RELOAD_FILE, f));
        operation.reloadTimeFile().ifPresent(f -> block.put(GlobalKeywords.RELOAD_TIME_FILE, f));
        block.putIf(operation.reloadRepeat(), GlobalKeywords.RELOAD_REPEAT, true);
        operation.stateDump().ifPresent(f -> block.put(GlobalKeywords.STATE_DUMP_FILE, f));
    }

    private void kernel(KernelConfig kernel) {
        kernel.timeouts().ifPresent(this::timeouts);
        kernel.syncDaemon().ifPresent(this::syncDaemon);
        block.putIf(kernel.flush(), GlobalKeywords.LVS_FLUSH, true);
        switch (kernel.stopFlush()) {
            case NONE -> {}
            case OURS -> block.put(GlobalKeywords.LVS_FLUSH_ON_STOP, "VS");
            case ALL -> block.put(GlobalKeywords.LVS_FLUSH_ON_STOP);
        }
    }

    private void timeouts(Timeouts timeouts) {
        block.put(
                GlobalKeywords.LVS_TIMEOUTS, "tcp", timeouts.tcp(), "tcpfin", timeouts.tcpFin(), "udp", timeouts.udp());
    }

    private void syncDaemon(SyncDaemonConfig daemon) {
        List<Object> words = new ArrayList<>(List.of(daemon.networkInterface(), "id", daemon.id()));
        pair(words, "maxlen", daemon.maxLength());
        pair(words, "port", daemon.port());
        pair(words, "ttl", daemon.ttl());
        daemon.group().ifPresent(g -> words.addAll(List.of("group", g)));
        block.put(GlobalKeywords.LVS_SYNC_DAEMON, words.toArray());
    }

    private static void pair(List<Object> words, String name, int value) {
        if (value != 0) {
            words.addAll(List.of(name, value));
        }
    }

    private void notices(NotifyConfig notices) {
        notices.routerId().ifPresent(id -> block.put(GlobalKeywords.ROUTER_ID, id));
        notices.mail().ifPresent(this::mail);
        List<Fifo> fifos = notices.fifos();
        if (fifos.size() > 1) {
            fifo(GlobalKeywords.NOTIFY_FIFO, GlobalKeywords.NOTIFY_FIFO_SCRIPT, fifos.getFirst());
        }
        if (!fifos.isEmpty()) {
            fifo(GlobalKeywords.LVS_NOTIFY_FIFO, GlobalKeywords.LVS_NOTIFY_FIFO_SCRIPT, fifos.getLast());
        }
        block.putIf(!notices.everyCheck(), GlobalKeywords.NO_CHECKER_EMAILS, true)
                .putIf(notices.initially(), GlobalKeywords.RS_INIT_NOTIFIES, true);
        timed(GlobalKeywords.STARTUP_SCRIPT, GlobalKeywords.STARTUP_SCRIPT_TIMEOUT, notices.startup());
        timed(GlobalKeywords.SHUTDOWN_SCRIPT, GlobalKeywords.SHUTDOWN_SCRIPT_TIMEOUT, notices.shutdown());
    }

    private void mail(Mail mail) {
        List<Statement> lines = mail.to().stream()
                .map(to -> new Statement(word(to), List.of(), null))
                .toList();
        block.put(GlobalKeywords.NOTIFICATION_EMAIL, BlockBuilder.of(lines));
        mail.from().ifPresent(from -> block.put(GlobalKeywords.NOTIFICATION_EMAIL_FROM, from));
        block.put(GlobalKeywords.SMTP_SERVER, mail.host(), mail.port());
        mail.helo().ifPresent(name -> block.put(GlobalKeywords.SMTP_HELO_NAME, name));
        block.put(GlobalKeywords.SMTP_CONNECT_TIMEOUT, mail.timeout().toSeconds());
    }

    private void fifo(Keyword<?> name, Keyword<?> reader, Fifo fifo) {
        List<Object> words = new ArrayList<>(List.of(fifo.path()));
        fifo.owner().ifPresent(o -> words.addAll(ScriptTypes.words(o)));
        block.put(name, words.toArray());
        program(block, reader, fifo.reader());
    }

    private void timed(Keyword<?> script, Keyword<?> timeout, Optional<Timed> timed) {
        program(block, script, timed.map(Timed::program));
        timed.ifPresent(t -> block.put(timeout, t.timeout().toSeconds()));
    }

    /** A program, its command line as one word, and its user. */
    static void program(BlockBuilder block, Keyword<?> keyword, Optional<Program> program) {
        program.ifPresent(p -> {
            List<Object> words = new ArrayList<>(List.of(ScriptWords.commandLine(p.argv())));
            p.user().ifPresent(u -> words.addAll(ScriptTypes.words(u)));
            block.put(keyword, words.toArray());
        });
    }
}
