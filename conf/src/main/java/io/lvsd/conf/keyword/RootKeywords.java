package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Scope.ROOT;

import io.lvsd.conf.keyword.Shape.Simple;
import io.lvsd.conf.source.HostReference.Kind;
import io.lvsd.conf.syntax.Statement;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Keywords of the top level, besides those that checks refer to. */
public final class RootKeywords {
    public static final Keyword<Statement> GLOBAL_DEFS_BLOCK = Keyword.of(
            "global_defs", ROOT, BlockTypes.block(Scope.GLOBAL_DEFS, Simple.OBJECT), "none", "Global settings.");
    public static final Keyword<Statement> GROUP_BLOCK = Keyword.of(
            "virtual_server_group",
            ROOT,
            BlockTypes.block("NAME {", 1, 1, Simple.NAMED_LINES),
            "none",
            "Named list of addresses, address ranges and firewall marks.");
    public static final Keyword<Statement> VIRTUAL_SERVER_BLOCK = Keyword.of(
            "virtual_server",
            ROOT,
            BlockTypes.block("ADDRESS [PORT] | fwmark N | group NAME {", 1, 2, Simple.VIRTUAL_SERVERS)
                    .holding(Scope.VIRTUAL_SERVER),
            "none",
            "Service that clients connect to.");
    public static final Keyword<Statement> LVSD_BLOCK = Keyword.of(
            "lvsd",
            ROOT,
            BlockTypes.block(Scope.LVSD, Simple.OBJECT),
            "all defaults",
            "Settings that keepalived does not have.");
    public static final Keyword<String> NET_NAMESPACE = Keyword.of(
            "net_namespace",
            ROOT,
            HostTypes.naming(Kind.NAMESPACE, TextTypes.text("NAME")),
            "that of the parent process",
            "Network namespace of the daemon, a name as in ip-netns(8).");
    public static final Keyword<String> NET_NAMESPACE_IPVS = Keyword.of(
            "net_namespace_ipvs",
            ROOT,
            HostTypes.naming(Kind.NAMESPACE, TextTypes.text("NAME")),
            "net_namespace",
            "Network namespace of the IPVS table.");
    private static final Keyword<String> INSTANCE = Keyword.ignored(
            "instance", ROOT, TextTypes.text("NAME"), "none", "Name of this daemon, if several run on the host.");
    private static final Keyword<Boolean> USE_PID_DIR = Keyword.ignored(
            "use_pid_dir", ROOT, TextTypes.flag(), "off", "Directory of process id files; see --run-dir.");
    private static final Keyword<Long> CHILD_WAIT_TIME = Keyword.ignored(
            "child_wait_time",
            ROOT,
            TimeTypes.lenientWholeTime(ChronoUnit.SECONDS, 0, NumberTypes.U32_MAX),
            "5",
            "Timeout of a stop.");

    private static final List<String> VRRP = List.of(
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

    public static final List<Keyword<?>> ALL = Stream.concat(
                    Stream.<Keyword<?>>of(
                            GLOBAL_DEFS_BLOCK,
                            GROUP_BLOCK,
                            VIRTUAL_SERVER_BLOCK,
                            LVSD_BLOCK,
                            NET_NAMESPACE,
                            NET_NAMESPACE_IPVS,
                            INSTANCE,
                            USE_PID_DIR,
                            CHILD_WAIT_TIME),
                    VRRP.stream().map(name -> Keyword.vrrpOnly(name, ROOT)))
            .toList();

    private RootKeywords() {}
}
