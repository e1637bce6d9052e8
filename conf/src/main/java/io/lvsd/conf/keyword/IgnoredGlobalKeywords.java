package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Keyword.ignored;
import static io.lvsd.conf.keyword.NumberTypes.U32_MAX;
import static io.lvsd.conf.keyword.Scope.GLOBAL_DEFS;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Keywords of {@code global_defs} that have no effect here: ignored ones, and those of keepalived's other daemons. */
public final class IgnoredGlobalKeywords {
    private static final String SCHEDULING =
            "Use the service unit instead: Nice=, CPUAffinity=, MemoryLock and others.";
    private static final String NOT_NEEDED = "Not needed.";

    private static final List<Keyword<?>> IGNORED = List.of(
            ignored(
                    "nftables_ipvs",
                    GLOBAL_DEFS,
                    TextTypes.optionalText("TABLE"),
                    "off",
                    "Not needed: each member of a group is a service."),
            ignored(
                    "nftables_ipvs_priority",
                    GLOBAL_DEFS,
                    NumberTypes.number(Integer.MIN_VALUE, Integer.MAX_VALUE),
                    "-1",
                    NOT_NEEDED),
            ignored("nftables_ipvs_start_fwmark", GLOBAL_DEFS, NumberTypes.number(1, U32_MAX), "1000", NOT_NEEDED),
            ignored("nftables_counters", GLOBAL_DEFS, TextTypes.flag(), "off", NOT_NEEDED),
            ignored(
                    "lvs_netlink_monitor_rcv_bufs",
                    GLOBAL_DEFS,
                    NumberTypes.lenientNumber(0, U32_MAX),
                    "the system's",
                    "Receive buffer for address changes; not needed."),
            ignored("lvs_netlink_monitor_rcv_bufs_force", GLOBAL_DEFS, TextTypes.bool(), "off", NOT_NEEDED),
            ignored(
                    "lvs_netlink_cmd_rcv_bufs",
                    GLOBAL_DEFS,
                    NumberTypes.lenientNumber(0, U32_MAX),
                    "the system's",
                    "Receive buffer for replies of the kernel; not needed."),
            ignored("lvs_netlink_cmd_rcv_bufs_force", GLOBAL_DEFS, TextTypes.bool(), "off", NOT_NEEDED),
            ignored(
                    "use_symlink_paths",
                    GLOBAL_DEFS,
                    TextTypes.bool(),
                    "off",
                    "Run scripts by the path of a symbolic link instead of its target."),
            ignored("checker_priority", GLOBAL_DEFS, NumberTypes.number(-20, 19), "0", SCHEDULING),
            ignored("checker_no_swap", GLOBAL_DEFS, TextTypes.flag(), "off", SCHEDULING),
            ignored("checker_rt_priority", GLOBAL_DEFS, NumberTypes.number(1, 99), "none", SCHEDULING),
            ignored("checker_cpu_affinity", GLOBAL_DEFS, NumberTypes.numbers("CPU…", 0, 4_095), "all", SCHEDULING),
            ignored(
                            "checker_rlimit_rttime",
                            GLOBAL_DEFS,
                            TimeTypes.wholeTime(ChronoUnit.MICROS, 1, U32_MAX),
                            "10000",
                            SCHEDULING)
                    .alias("checker_rlimit_rtime"),
            ignored(
                            "checker_process_name",
                            GLOBAL_DEFS,
                            TextTypes.text("NAME"),
                            "lvsd",
                            "Name of the process; use the service unit.")
                    .alias("lvs_process_name"),
            ignored("umask", GLOBAL_DEFS, ScriptTypes.umask(), "inherited", "Permissions that new files lack."),
            ignored(
                    "tmp_config_directory",
                    GLOBAL_DEFS,
                    TextTypes.text("DIRECTORY"),
                    "/tmp",
                    "Not needed: no file is copied."),
            ignored(
                    "config_save_dir",
                    GLOBAL_DEFS,
                    TextTypes.text("DIRECTORY"),
                    "none",
                    "Not needed: see check --effective."),
            ignored("data_use_instance", GLOBAL_DEFS, TextTypes.flag(), "off", "Add the instance to names of dumps."),
            ignored(
                            "stats_dump_file",
                            GLOBAL_DEFS,
                            TextTypes.text("PATH"),
                            "/tmp",
                            "File of a dump; see status --json.")
                    .alias("stats_file_location"),
            ignored("json_dump_file", GLOBAL_DEFS, TextTypes.text("PATH"), "/tmp", "File of a dump; see status --json.")
                    .alias("json_file_location"));

    private static final List<String> OTHERS = List.of(
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
    private static final List<String> PROCESS =
            List.of("priority", "no_swap", "rt_priority", "cpu_affinity", "rlimit_rttime", "rlimit_rtime");
    private static final List<String> VRRP = List.of(
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
            "down_timer_adverts");

    public static final List<Keyword<?>> ALL = Stream.concat(
                    IGNORED.stream(), vrrpNames().map(name -> Keyword.vrrpOnly(name, GLOBAL_DEFS)))
            .toList();

    private IgnoredGlobalKeywords() {}

    private static Stream<String> vrrpNames() {
        return Stream.of(
                        OTHERS.stream(),
                        PROCESS.stream().map(name -> "vrrp_" + name),
                        PROCESS.stream().map(name -> "bfd_" + name),
                        VRRP.stream().map(name -> "vrrp_" + name))
                .flatMap(names -> names);
    }
}
