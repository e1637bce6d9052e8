package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Registry.declare;
import static io.lvsd.conf.keyword.Registry.foreign;
import static io.lvsd.conf.keyword.Registry.notYet;
import static io.lvsd.conf.keyword.Scope.GLOBAL_DEFS;
import static io.lvsd.conf.keyword.Scope.ROOT;

import io.lvsd.conf.keyword.MoreTypes.Script;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.syntax.Statement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Declarations: {@code global_defs} and single lines of the top level, and what belongs to keepalived's other daemons. */
public final class GlobalKeywords {
    private static final Set<Scope> GLOBAL = Set.of(GLOBAL_DEFS);
    private static final Set<Scope> TOP = Set.of(ROOT);
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);
    /** What fits into 32 bits of microseconds. */
    private static final long MOST_SECONDS = 4_294;

    private static final String SCHEDULING =
            "Use the service unit instead: Nice=, CPUAffinity=, MemoryLock and the like.";

    public static final Keyword<List<String>> SCRIPT_USER = declare(
            "script_user",
            GLOBAL_DEFS,
            MoreTypes.account(),
            "keepalived_script if there is such a user, else lvsd's own",
            "Whom scripts run as.");
    public static final Keyword<Boolean> ENABLE_SCRIPT_SECURITY = declare(
            "enable_script_security", GLOBAL_DEFS, Types.flag(), "off", "Refuse scripts that others could change.");
    public static final Keyword<Boolean> SET_SUPPLEMENTARY_GROUPS = declare(
            "set_supplementary_groups", GLOBAL_DEFS, Types.bool(), "off", "Scripts get all groups of their user.");
    public static final Keyword<Boolean> CHECKER_LOG_ALL_FAILURES =
            declare("checker_log_all_failures", GLOBAL_DEFS, Types.bool(), "off", "Default of every log_all_failures.");

    public static final Keyword<String> ROUTER_ID = declare(
            "router_id",
            GLOBAL_DEFS,
            Types.text("NAME"),
            "the host's name",
            "Name of this director in mail and events.");
    public static final Keyword<Statement> NOTIFICATION_EMAIL = declare(
            "notification_email",
            GLOBAL_DEFS,
            Types.block("{", 0, 0, Shape.Simple.LINES),
            "none",
            "Who gets mail, one or several to a line.");
    public static final Keyword<String> NOTIFICATION_EMAIL_FROM =
            declare("notification_email_from", GLOBAL_DEFS, Types.text("MAIL_ADDRESS"), "user@host", "Sender of mail.");
    public static final Keyword<List<String>> SMTP_SERVER =
            declare("smtp_server", GLOBAL_DEFS, MoreTypes.host(), "none; port 25", "Where mail is handed in.");
    public static final Keyword<String> SMTP_HELO_NAME = declare(
            "smtp_helo_name",
            GLOBAL_DEFS,
            Types.text("NAME"),
            "the host's name",
            "How mail delivery introduces itself.");
    public static final Keyword<Long> SMTP_CONNECT_TIMEOUT = declare(
            "smtp_connect_timeout",
            GLOBAL_DEFS,
            Types.wholeTime(ChronoUnit.SECONDS, 1, MOST_SECONDS, true),
            "30",
            "Deadline of each step of mail delivery.");
    public static final Keyword<Boolean> SMTP_ALERT_ALL =
            declare("smtp_alert", GLOBAL_DEFS, Types.bool(), "unset", "Default of every smtp_alert.");
    public static final Keyword<Boolean> SMTP_ALERT_CHECKER = declare(
            "smtp_alert_checker", GLOBAL_DEFS, Types.bool(), "smtp_alert", "Default of the servers' smtp_alert.");
    public static final Keyword<Boolean> NO_CHECKER_EMAILS = declare(
            "no_checker_emails", GLOBAL_DEFS, Types.bool(), "off", "Mail only when a real server's state changed.");
    public static final Keyword<Boolean> RS_INIT_NOTIFIES = declare(
            "rs_init_notifies", GLOBAL_DEFS, Types.bool(), "off", "Run notify_up for every live server at start.");
    public static final Keyword<Map<String, String>> LVS_TIMEOUTS = declare(
            "lvs_timeouts",
            GLOBAL_DEFS,
            MoreTypes.timeouts(),
            "the kernel's",
            "Idle time after which the kernel forgets a connection; put back at a stop.");
    public static final Keyword<Map<String, String>> LVS_SYNC_DAEMON = declare(
            "lvs_sync_daemon",
            GLOBAL_DEFS,
            MoreTypes.syncDaemon(),
            "none",
            "Share connections with another director; with inst it is VRRP's and left to keepalived.");
    public static final Keyword<Boolean> LVS_FLUSH =
            declare("lvs_flush", GLOBAL_DEFS, Types.flag(), "off", "Remove services of others at start, one by one.");
    public static final Keyword<List<String>> LVS_FLUSH_ON_STOP = declare(
            "lvs_flush_on_stop",
            List.of("lvs_flush_onstop"),
            GLOBAL,
            MoreTypes.optionalChoice(List.of("VS")),
            "off",
            "Remove services of others at a stop, too; with VS ours only.",
            Support.ACTED_ON);
    public static final Keyword<List<String>> NOTIFY_FIFO = declare(
            "notify_fifo",
            GLOBAL_DEFS,
            MoreTypes.fifo(),
            "none",
            "FIFO that events are written to; keepalived's in a file with vrrp_instance.");
    public static final Keyword<Script> NOTIFY_FIFO_SCRIPT =
            declare("notify_fifo_script", GLOBAL_DEFS, MoreTypes.script(), "none", "Program that reads the FIFO.");
    public static final Keyword<List<String>> LVS_NOTIFY_FIFO =
            declare("lvs_notify_fifo", GLOBAL_DEFS, MoreTypes.fifo(), "none", "FIFO that events are written to.");
    public static final Keyword<Script> LVS_NOTIFY_FIFO_SCRIPT =
            declare("lvs_notify_fifo_script", GLOBAL_DEFS, MoreTypes.script(), "none", "Program that reads the FIFO.");
    public static final Keyword<Script> STARTUP_SCRIPT = declare(
            "startup_script",
            GLOBAL_DEFS,
            MoreTypes.script(),
            "none",
            "Run before the first check; keepalived's in a file with vrrp_instance.");
    public static final Keyword<Long> STARTUP_SCRIPT_TIMEOUT = declare(
            "startup_script_timeout",
            GLOBAL_DEFS,
            Types.wholeTime(ChronoUnit.SECONDS, 1, 1_000, false),
            "10",
            "How long it may take.");
    public static final Keyword<List<String>> RELOAD_CHECK_CONFIG = declare(
            "reload_check_config",
            GLOBAL_DEFS,
            MoreTypes.optionalText("LOG"),
            "always",
            "Check a file before a reload: lvsd always does, and its log says what is wrong.");
    public static final Keyword<List<String>> RELOAD_FILE = declare(
            "reload_file",
            GLOBAL_DEFS,
            MoreTypes.optionalText("PATH"),
            "none",
            "File that is there, and empty, while a reload reads the configuration; without PATH"
                    + " /run/keepalived.reload.");
    public static final Keyword<String> RELOAD_TIME_FILE = declare(
            "reload_time_file",
            GLOBAL_DEFS,
            Types.text("PATH"),
            "none",
            "File whose line, [[YY]YY-MM-DD ]HH:MM:SS[Z], says when to reload; it is deleted then.");
    public static final Keyword<Boolean> RELOAD_REPEAT = declare(
            "reload_repeat", GLOBAL_DEFS, Types.flag(), "off", "Keep that file: a time without a date is every day's.");
    public static final Keyword<String> STATE_DUMP_FILE = declare(
            "state_dump_file",
            List.of("state_file_location"),
            GLOBAL,
            Types.text("PATH"),
            "/tmp/keepalived.data",
            "Where SIGUSR1 writes the state, with _check before the extension; a directory ends with /.",
            Support.ACTED_ON);
    public static final Keyword<Script> SHUTDOWN_SCRIPT = declare(
            "shutdown_script",
            GLOBAL_DEFS,
            MoreTypes.script(),
            "none",
            "Run when all is done; keepalived's in a file with vrrp_instance.");
    public static final Keyword<Long> SHUTDOWN_SCRIPT_TIMEOUT = declare(
            "shutdown_script_timeout",
            GLOBAL_DEFS,
            Types.wholeTime(ChronoUnit.SECONDS, 1, 1_000, false),
            "10",
            "How long it may take.");

    public static final Keyword<String> NET_NAMESPACE = declare(
            "net_namespace",
            ROOT,
            MoreTypes.naming(Kind.NAMESPACE, Types.text("NAME")),
            "where lvsd is started",
            "Network namespace of the daemon, as ip-netns names it.");
    public static final Keyword<String> NET_NAMESPACE_IPVS = declare(
            "net_namespace_ipvs",
            ROOT,
            MoreTypes.naming(Kind.NAMESPACE, Types.text("NAME")),
            "net_namespace",
            "Network namespace of the table.");

    static {
        top();
        kernel();
        scripts();
        snmp();
        process();
        foreign(
                ROOT,
                "vrrp_instance",
                "vrrp_sync_group",
                "vrrp_script",
                "vrrp_track_process",
                "track_process",
                "static_ipaddress",
                "static_routes",
                "static_rules",
                "static_track_group",
                "linkbeat_interfaces",
                "linkbeat_use_polling",
                "garp_group",
                "interface_up_down_delays",
                "namespace_with_ipsets");
        foreignGlobals();
    }

    private GlobalKeywords() {}

    /** Sees to it that the declarations above have been made. */
    static void declareAll() {
        // Being called is enough.
    }

    private static void top() {
        notYet(TOP, "instance", Types.text("NAME"), "none", "Name of this daemon among several.");
        notYet(TOP, "use_pid_dir", Types.flag(), "off", "Where process id files are; see --run-dir.");
        notYet(
                TOP,
                "child_wait_time",
                Types.wholeTime(ChronoUnit.SECONDS, 0, Types.U32_MAX, true),
                "5",
                "How long a stop may take.");
    }

    private static void kernel() {
        notYet(
                GLOBAL,
                "nftables_ipvs",
                MoreTypes.optionalText("TABLE"),
                "off",
                "Not needed: group members are services of their own here.");
        notYet(
                GLOBAL,
                "nftables_ipvs_priority",
                Types.number(Integer.MIN_VALUE, Integer.MAX_VALUE, false),
                "-1",
                "Not needed.");
        notYet(GLOBAL, "nftables_ipvs_start_fwmark", Types.number(1, Types.U32_MAX, false), "1000", "Not needed.");
        notYet(GLOBAL, "nftables_counters", Types.flag(), "off", "Not needed.");
        notYet(
                GLOBAL,
                "lvs_netlink_monitor_rcv_bufs",
                Types.number(0, Types.U32_MAX, true),
                "the system's",
                "Receive buffer for address changes; not needed.");
        notYet(GLOBAL, "lvs_netlink_monitor_rcv_bufs_force", Types.bool(), "off", "Not needed.");
        notYet(
                GLOBAL,
                "lvs_netlink_cmd_rcv_bufs",
                Types.number(0, Types.U32_MAX, true),
                "the system's",
                "Receive buffer for answers of the kernel; not needed.");
        notYet(GLOBAL, "lvs_netlink_cmd_rcv_bufs_force", Types.bool(), "off", "Not needed.");
    }

    private static void scripts() {
        notYet(GLOBAL, "use_symlink_paths", Types.bool(), "off", "Run scripts by the name of a link.");
    }

    private static void snmp() {
        notYet(GLOBAL, "snmp_socket", Types.text("SOCKET"), "unix:/var/agentx/master", "AgentX master.");
        notYet(GLOBAL, "enable_snmp_checker", Types.flag(), "off", "Serve KEEPALIVED-MIB.");
        notYet(GLOBAL, "enable_traps", Types.flag(), "off", "Send traps.");
        notYet(
                GLOBAL,
                "snmp_vs_stats_update_interval",
                Types.seconds(MILLISECOND, HALF_A_MINUTE),
                "5",
                "Age of counters.");
        notYet(
                GLOBAL,
                "snmp_rs_stats_update_interval",
                Types.seconds(MILLISECOND, HALF_A_MINUTE),
                "snmp_vs_stats_update_interval",
                "Age of counters of real servers.");
    }

    private static void process() {
        notYet(GLOBAL, "checker_priority", Types.number(-20, 19, false), "0", SCHEDULING);
        notYet(GLOBAL, "checker_no_swap", Types.flag(), "off", SCHEDULING);
        notYet(GLOBAL, "checker_rt_priority", Types.number(1, 99, false), "none", SCHEDULING);
        notYet(GLOBAL, "checker_cpu_affinity", MoreTypes.numbers("CPU…", 0, 4_095), "all", SCHEDULING);
        notYet(
                GLOBAL,
                List.of("checker_rlimit_rttime", "checker_rlimit_rtime"),
                Types.wholeTime(ChronoUnit.MICROS, 1, Types.U32_MAX, false),
                "10000",
                SCHEDULING);
        notYet(
                GLOBAL,
                List.of("checker_process_name", "lvs_process_name"),
                Types.text("NAME"),
                "lvsd",
                "Name of the process; use the service unit.");
        notYet(GLOBAL, "umask", MoreTypes.umask(), "the caller's", "Permissions that new files do not get.");
        notYet(GLOBAL, "tmp_config_directory", Types.text("DIRECTORY"), "/tmp", "Not needed: nothing is copied.");
        notYet(GLOBAL, "config_save_dir", Types.text("DIRECTORY"), "none", "Not needed: see check --effective.");
        notYet(GLOBAL, "data_use_instance", Types.flag(), "off", "Put the instance into names of dumps.");
        for (String dump : List.of("stats", "json")) {
            notYet(
                    GLOBAL,
                    List.of(dump + "_dump_file", dump + "_file_location"),
                    Types.text("PATH"),
                    "/tmp",
                    "Where a dump goes; see status --json.");
        }
    }

    private static void foreignGlobals() {
        foreign(
                GLOBAL_DEFS,
                "default_interface",
                "disable_local_igmp",
                "dynamic_interfaces",
                "smtp_alert_vrrp",
                "no_email_faults",
                "process_names",
                "main_process_name",
                "vrrp_process_name",
                "bfd_process_name",
                "max_auto_priority",
                "min_auto_priority_delay",
                "fifo_write_vrrp_states_on_reload",
                "iproute_usr_dir",
                "iproute_etc_dir",
                "json_version",
                "nftables",
                "nftables_priority",
                "nftables_ifindex",
                "enable_dbus",
                "dbus_service_name",
                "dbus_no_interface_name",
                "enable_snmp_keepalived",
                "enable_snmp_vrrp",
                "enable_snmp_rfc",
                "enable_snmp_rfcv2",
                "enable_snmp_rfcv3",
                "log_unknown_vrids",
                "process_monitor_rcv_bufs",
                "process_monitor_rcv_bufs_force",
                "process_name",
                "thread_timer_expired",
                "vmac_addr_prefix",
                "vmac_prefix");
        for (String daemon : List.of("vrrp", "bfd")) {
            for (String what :
                    List.of("priority", "no_swap", "rt_priority", "cpu_affinity", "rlimit_rttime", "rlimit_rtime")) {
                foreign(GLOBAL_DEFS, daemon + "_" + what);
            }
        }
        for (String what : List.of(
                "mcast_group4",
                "mcast_group6",
                "garp_master_delay",
                "garp_master_repeat",
                "garp_master_refresh",
                "garp_master_refresh_repeat",
                "garp_lower_prio_delay",
                "garp_lower_prio_repeat",
                "garp_interval",
                "gna_interval",
                "garp_extra_if",
                "min_garp",
                "lower_prio_no_advert",
                "higher_prio_send_advert",
                "version",
                "vmac_garp_intvl",
                "iptables",
                "ipsets",
                "nftables",
                "check_unicast_src",
                "skip_check_adv_addr",
                "strict",
                "notify_fifo",
                "notify_fifo_script",
                "notify_priority_changes",
                "startup_delay",
                "netlink_cmd_rcv_bufs",
                "netlink_cmd_rcv_bufs_force",
                "netlink_monitor_rcv_bufs",
                "netlink_monitor_rcv_bufs_force",
                "rx_bufs_policy",
                "rx_bufs_multiplier",
                "owner_ignore_adverts",
                "down_timer_adverts")) {
            foreign(GLOBAL_DEFS, "vrrp_" + what);
        }
    }
}
