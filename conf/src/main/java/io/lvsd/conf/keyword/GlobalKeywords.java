package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Scope.GLOBAL_DEFS;

import io.lvsd.conf.keyword.GlobalTypes.SyncDaemon;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.RunAs;
import io.lvsd.conf.value.StopFlush;
import io.lvsd.conf.value.Timeouts;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Keywords of {@code global_defs} that have an effect. */
public final class GlobalKeywords {
    /** Seconds that fit into 32 bits of microseconds. */
    private static final long MAX_SECONDS = 4_294;

    public static final Keyword<Long> RANDOM_SEED = Keyword.of(
            "random_seed",
            GLOBAL_DEFS,
            NumberTypes.number(0, NumberTypes.U32_MAX),
            "the time",
            "Seed of ${_RANDOM}; applies while the file is read.");
    public static final Keyword<Statement> INCLUDE_CHECK = Keyword.of(
            "include_check",
            GLOBAL_DEFS,
            GlobalTypes.includeChecks(),
            "no checks",
            "Conditions that are errors for every include in this file; applies while the file is read.");
    public static final Keyword<RunAs> SCRIPT_USER = Keyword.of(
            "script_user",
            GLOBAL_DEFS,
            ScriptTypes.account(),
            "keepalived_script if the user exists, else the user of lvsd",
            "User and group that scripts run as.");
    public static final Keyword<Boolean> ENABLE_SCRIPT_SECURITY = Keyword.of(
            "enable_script_security",
            GLOBAL_DEFS,
            TextTypes.flag(),
            "off",
            "Refuse scripts that users other than root can change.");
    public static final Keyword<Boolean> SET_SUPPLEMENTARY_GROUPS = Keyword.of(
            "set_supplementary_groups",
            GLOBAL_DEFS,
            TextTypes.bool(),
            "off",
            "Run scripts with all groups of their user.");
    public static final Keyword<Boolean> CHECKER_LOG_ALL_FAILURES = Keyword.of(
            "checker_log_all_failures", GLOBAL_DEFS, TextTypes.bool(), "off", "Default of log_all_failures.");
    public static final Keyword<String> ROUTER_ID = Keyword.of(
            "router_id",
            GLOBAL_DEFS,
            TextTypes.text("NAME"),
            "the host name",
            "Name of this director in mail and events.");
    public static final Keyword<Statement> NOTIFICATION_EMAIL = Keyword.of(
            "notification_email",
            GLOBAL_DEFS,
            BlockTypes.lines(),
            "none",
            "Recipients of mail, one or more in each line.");
    public static final Keyword<String> NOTIFICATION_EMAIL_FROM = Keyword.of(
            "notification_email_from", GLOBAL_DEFS, TextTypes.text("MAIL_ADDRESS"), "user@host", "Sender of mail.");
    public static final Keyword<MailServer> SMTP_SERVER = Keyword.of(
            "smtp_server", GLOBAL_DEFS, AddressTypes.mailServer(), "none; port 25", "Server that accepts mail.");
    public static final Keyword<String> SMTP_HELO_NAME = Keyword.of(
            "smtp_helo_name", GLOBAL_DEFS, TextTypes.text("NAME"), "the host name", "Name in HELO of mail delivery.");
    public static final Keyword<Long> SMTP_CONNECT_TIMEOUT = Keyword.of(
            "smtp_connect_timeout",
            GLOBAL_DEFS,
            TimeTypes.lenientWholeTime(ChronoUnit.SECONDS, 1, MAX_SECONDS),
            "30",
            "Timeout of each step of mail delivery.");
    public static final Keyword<Boolean> SMTP_ALERT_ALL =
            Keyword.of("smtp_alert", GLOBAL_DEFS, TextTypes.bool(), "unset", "Default of smtp_alert everywhere.");
    public static final Keyword<Boolean> SMTP_ALERT_CHECKER = Keyword.of(
            "smtp_alert_checker",
            GLOBAL_DEFS,
            TextTypes.bool(),
            "smtp_alert",
            "Default of smtp_alert in virtual and real servers.");
    public static final Keyword<Boolean> NO_CHECKER_EMAILS = Keyword.of(
            "no_checker_emails",
            GLOBAL_DEFS,
            TextTypes.bool(),
            "off",
            "Send mail for state changes of real servers only, not of each check.");
    public static final Keyword<Boolean> RS_INIT_NOTIFIES = Keyword.of(
            "rs_init_notifies",
            GLOBAL_DEFS,
            TextTypes.bool(),
            "off",
            "Run notify_up for every real server that is up at start.");
    public static final Keyword<Boolean> ENABLE_SNMP_CHECKER = Keyword.of(
            "enable_snmp_checker",
            GLOBAL_DEFS,
            TextTypes.flag(),
            "off",
            "Serve KEEPALIVED-MIB as a subagent of the master agent at snmp_socket. agentx in the block snmp overrides"
                    + " it.");
    public static final Keyword<SnmpTypes.Master> SNMP_SOCKET = Keyword.of(
            "snmp_socket",
            GLOBAL_DEFS,
            SnmpTypes.socket(),
            "unix:/var/agentx/master",
            "AgentX master of enable_snmp_checker: unix:PATH, /PATH or tcp:ADDRESS:PORT.");
    public static final Keyword<Boolean> ENABLE_TRAPS = Keyword.of(
            "enable_traps",
            GLOBAL_DEFS,
            TextTypes.flag(),
            "off",
            "Send notifications to the AgentX master, too, which forwards them.");
    public static final Keyword<Duration> SNMP_VS_INTERVAL = Keyword.of(
            "snmp_vs_stats_update_interval",
            GLOBAL_DEFS,
            SnmpKeywords.intervalType(),
            "5",
            "Default of update_interval in the block snmp, unless snmp_rs_stats_update_interval is smaller.");
    public static final Keyword<Duration> SNMP_RS_INTERVAL = Keyword.of(
            "snmp_rs_stats_update_interval",
            GLOBAL_DEFS,
            SnmpKeywords.intervalType(),
            "snmp_vs_stats_update_interval",
            "As snmp_vs_stats_update_interval: counters of both have the same age.");
    public static final Keyword<Timeouts> LVS_TIMEOUTS = Keyword.of(
            "lvs_timeouts",
            GLOBAL_DEFS,
            GlobalTypes.timeouts(),
            "the kernel's values",
            "Idle timeouts of connections in the kernel; restored at a stop.");
    public static final Keyword<SyncDaemon> LVS_SYNC_DAEMON = Keyword.of(
            "lvs_sync_daemon",
            GLOBAL_DEFS,
            GlobalTypes.syncDaemon(),
            "none",
            "Synchronise connections with another director. With inst, keepalived's VRRP manages it, not lvsd.");
    public static final Keyword<Boolean> LVS_FLUSH = Keyword.of(
            "lvs_flush", GLOBAL_DEFS, TextTypes.flag(), "off", "Remove foreign services at start, one by one.");
    public static final Keyword<StopFlush> LVS_FLUSH_ON_STOP = Keyword.of(
                    "lvs_flush_on_stop",
                    GLOBAL_DEFS,
                    GlobalTypes.stopFlush(),
                    "off",
                    "Remove foreign services at a stop, too; with VS only ours.")
            .alias("lvs_flush_onstop");
    public static final Keyword<FifoFile> NOTIFY_FIFO = Keyword.of(
            "notify_fifo",
            GLOBAL_DEFS,
            ScriptTypes.fifo(),
            "none",
            "FIFO to which events are written; left to keepalived if the file contains vrrp_instance.");
    public static final Keyword<Script> NOTIFY_FIFO_SCRIPT = Keyword.of(
            "notify_fifo_script",
            GLOBAL_DEFS,
            ScriptTypes.script(),
            "none",
            "Program that reads notify_fifo; its last argument is the FIFO's path.");
    public static final Keyword<FifoFile> LVS_NOTIFY_FIFO =
            Keyword.of("lvs_notify_fifo", GLOBAL_DEFS, ScriptTypes.fifo(), "none", "FIFO to which events are written.");
    public static final Keyword<Script> LVS_NOTIFY_FIFO_SCRIPT = Keyword.of(
            "lvs_notify_fifo_script",
            GLOBAL_DEFS,
            ScriptTypes.script(),
            "none",
            "Program that reads lvs_notify_fifo; its last argument is the FIFO's path.");
    public static final Keyword<Script> STARTUP_SCRIPT = Keyword.of(
            "startup_script",
            GLOBAL_DEFS,
            ScriptTypes.script(),
            "none",
            "Program to run before the first probe; left to keepalived if the file contains vrrp_instance.");
    public static final Keyword<Long> STARTUP_SCRIPT_TIMEOUT = Keyword.of(
            "startup_script_timeout",
            GLOBAL_DEFS,
            TimeTypes.wholeTime(ChronoUnit.SECONDS, 1, 1_000),
            "10",
            "Timeout of startup_script.");
    public static final Keyword<Optional<String>> RELOAD_CHECK_CONFIG = Keyword.of(
            "reload_check_config",
            GLOBAL_DEFS,
            TextTypes.optionalText("LOG"),
            "always",
            "Validate the file before a reload: lvsd always does, and logs what is wrong.");
    public static final Keyword<Optional<String>> RELOAD_FILE = Keyword.of(
            "reload_file",
            GLOBAL_DEFS,
            TextTypes.optionalText("PATH"),
            "none",
            "Empty file that exists while a reload reads the configuration; without PATH" + " /run/keepalived.reload.");
    public static final Keyword<String> RELOAD_TIME_FILE = Keyword.of(
            "reload_time_file",
            GLOBAL_DEFS,
            TextTypes.text("PATH"),
            "none",
            "File with the time of the next reload, [[YY]YY-MM-DD ]HH:MM:SS[Z]; it is deleted after the reload.");
    public static final Keyword<Boolean> RELOAD_REPEAT = Keyword.of(
            "reload_repeat",
            GLOBAL_DEFS,
            TextTypes.flag(),
            "off",
            "Keep reload_time_file: a time without a date repeats every day.");
    public static final Keyword<String> STATE_DUMP_FILE = Keyword.of(
                    "state_dump_file",
                    GLOBAL_DEFS,
                    TextTypes.text("PATH"),
                    "/tmp/keepalived.data",
                    "File to which SIGUSR1 writes the state, with _check before the extension; a directory ends with"
                            + " /.")
            .alias("state_file_location");
    public static final Keyword<Script> SHUTDOWN_SCRIPT = Keyword.of(
            "shutdown_script",
            GLOBAL_DEFS,
            ScriptTypes.script(),
            "none",
            "Program to run at the end of a stop; left to keepalived if the file contains vrrp_instance.");
    public static final Keyword<Long> SHUTDOWN_SCRIPT_TIMEOUT = Keyword.of(
            "shutdown_script_timeout",
            GLOBAL_DEFS,
            TimeTypes.wholeTime(ChronoUnit.SECONDS, 1, 1_000),
            "10",
            "Timeout of shutdown_script.");

    public static final List<Keyword<?>> ALL = List.of(
            RANDOM_SEED,
            INCLUDE_CHECK,
            SCRIPT_USER,
            ENABLE_SCRIPT_SECURITY,
            SET_SUPPLEMENTARY_GROUPS,
            CHECKER_LOG_ALL_FAILURES,
            ROUTER_ID,
            NOTIFICATION_EMAIL,
            NOTIFICATION_EMAIL_FROM,
            SMTP_SERVER,
            SMTP_HELO_NAME,
            SMTP_CONNECT_TIMEOUT,
            SMTP_ALERT_ALL,
            SMTP_ALERT_CHECKER,
            NO_CHECKER_EMAILS,
            RS_INIT_NOTIFIES,
            ENABLE_SNMP_CHECKER,
            SNMP_SOCKET,
            ENABLE_TRAPS,
            SNMP_VS_INTERVAL,
            SNMP_RS_INTERVAL,
            LVS_TIMEOUTS,
            LVS_SYNC_DAEMON,
            LVS_FLUSH,
            LVS_FLUSH_ON_STOP,
            NOTIFY_FIFO,
            NOTIFY_FIFO_SCRIPT,
            LVS_NOTIFY_FIFO,
            LVS_NOTIFY_FIFO_SCRIPT,
            STARTUP_SCRIPT,
            STARTUP_SCRIPT_TIMEOUT,
            RELOAD_CHECK_CONFIG,
            RELOAD_FILE,
            RELOAD_TIME_FILE,
            RELOAD_REPEAT,
            STATE_DUMP_FILE,
            SHUTDOWN_SCRIPT,
            SHUTDOWN_SCRIPT_TIMEOUT);

    private GlobalKeywords() {}
}
