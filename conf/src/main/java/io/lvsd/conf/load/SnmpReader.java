package io.lvsd.conf.load;

import io.lvsd.conf.keyword.GlobalKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.SnmpKeywords;
import io.lvsd.conf.keyword.SnmpTypes.Master;
import io.lvsd.conf.keyword.SnmpTypes.Receiver;
import io.lvsd.conf.keyword.SnmpTypes.UserKey;
import io.lvsd.conf.keyword.SnmpTypes.WrittenCommunity;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Agentx;
import io.lvsd.conf.model.SnmpConfig.Auth;
import io.lvsd.conf.model.SnmpConfig.AuthProtocol;
import io.lvsd.conf.model.SnmpConfig.Identity;
import io.lvsd.conf.model.SnmpConfig.Listen;
import io.lvsd.conf.model.SnmpConfig.Network;
import io.lvsd.conf.model.SnmpConfig.Priv;
import io.lvsd.conf.model.SnmpConfig.PrivProtocol;
import io.lvsd.conf.model.SnmpConfig.Secret;
import io.lvsd.conf.model.SnmpConfig.Sink;
import io.lvsd.conf.model.SnmpConfig.Socket;
import io.lvsd.conf.model.SnmpConfig.SystemGroup;
import io.lvsd.conf.model.SnmpConfig.Transport;
import io.lvsd.conf.model.SnmpConfig.User;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.Community;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the block {@code snmp}, and what {@code global_defs} sets for SNMP. */
final class SnmpReader {
    private static final Socket MASTER = new Socket.Unix(Path.of("/var/agentx/master"));
    private static final int LONGEST_NAME = 32;

    private final Optional<Statement> block;
    private final Settings settings;
    private final Settings global;
    private final Problems problems;
    private final Origin origin;

    private SnmpReader(Optional<Statement> block, Settings global, Problems problems) {
        this.block = block;
        this.settings =
                Language.read(Scope.SNMP, block.map(ConfigBuilder::blockOf).orElse(List.of()), problems);
        this.global = global;
        this.problems = problems;
        this.origin = block.map(Statement::origin).orElse(Origin.ofFile(""));
    }

    /**
     * The settings of both.
     *
     * @param block empty: SNMP is used only if {@code global} enables it
     * @param global settings of {@code global_defs}
     * @return empty if nothing is served or sent
     */
    static Optional<SnmpConfig> read(Optional<Statement> block, Settings global, Problems problems) {
        return new SnmpReader(block, global, problems).read();
    }

    private Optional<SnmpConfig> read() {
        Optional<Agentx> agentx = agentx();
        List<Listen> listen = listen();
        Map<String, Optional<User>> known = users();
        List<User> users = known.values().stream().flatMap(Optional::stream).toList();
        List<Community> communities = communities(listen);
        List<Sink> sinks = sinks(known);
        boolean used = Stream.of(SnmpKeywords.LISTEN, SnmpKeywords.AGENTX, SnmpKeywords.SINK)
                .anyMatch(settings::mentions);
        if (block.isPresent() && !used && agentx.isEmpty()) {
            problems.error(
                    origin,
                    "'snmp' requires 'listen', 'agentx' or 'sink', it is off",
                    "add: listen udp:127.0.0.1:" + SnmpKeywords.PORT);
        }
        boolean accessible = !communities.isEmpty() || !users.isEmpty();
        if (!listen.isEmpty() && !accessible && !settings.mentions(SnmpKeywords.COMMUNITY) && known.isEmpty()) {
            problems.error(
                    origin,
                    "'snmp' requires 'community' or 'user', the listen addresses are not opened",
                    "add: community NAME [NETWORK/PREFIX]");
        }
        validateUsers(listen, users);
        validateWrite(agentx, users);
        List<Listen> opened = accessible ? listen : List.of();
        return opened.isEmpty() && agentx.isEmpty() && sinks.isEmpty()
                ? Optional.empty()
                : Optional.of(new SnmpConfig(
                        opened,
                        communities,
                        users,
                        agentx,
                        sinks,
                        settings.isOn(SnmpKeywords.WRITE),
                        interval(),
                        settings.get(SnmpKeywords.RATE_LIMIT)
                                .map(Long::intValue)
                                .orElse(SnmpConfig.RATE_LIMIT),
                        new SystemGroup(
                                settings.get(SnmpKeywords.CONTACT).orElse(""),
                                settings.get(SnmpKeywords.LOCATION).orElse("")),
                        settings.get(SnmpKeywords.ENGINE_ID)));
    }

    private Duration interval() {
        return settings.get(SnmpKeywords.UPDATE_INTERVAL)
                .or(() -> Stream.of(GlobalKeywords.SNMP_VS_INTERVAL, GlobalKeywords.SNMP_RS_INTERVAL)
                        .flatMap(keyword -> global.get(keyword).stream())
                        .min(Duration::compareTo))
                .orElse(SnmpConfig.INTERVAL);
    }

    // ---- requests

    private List<Listen> listen() {
        Set<Listen> all = new LinkedHashSet<>();
        for (var written : settings.all(SnmpKeywords.LISTEN)) {
            Listen listen = new Listen(
                    written.tcp() ? Transport.TCP : Transport.UDP,
                    written.endpoint().address(),
                    written.endpoint().port());
            if (!all.add(listen)) {
                problems.error(
                        written.endpoint().origin(),
                        "duplicate listen address " + written.text(),
                        "remove one of them");
            }
        }
        return List.copyOf(all);
    }

    private static boolean isRemote(List<Listen> listen) {
        return listen.stream().anyMatch(l -> !l.address().isLoopbackAddress());
    }

    private List<Community> communities(List<Listen> listen) {
        List<Community> all = new ArrayList<>();
        for (WrittenCommunity written : settings.all(SnmpKeywords.COMMUNITY)) {
            validate(written, listen);
            all.add(written.community());
        }
        return all;
    }

    private void validate(WrittenCommunity written, List<Listen> listen) {
        InetAddress network = written.community().network();
        boolean limited = block.stream()
                .flatMap(b -> ConfigBuilder.blockOf(b).stream())
                .noneMatch(line ->
                        line.origin().equals(written.origin()) && line.words().size() == 1);
        boolean reachable =
                listen.stream().map(Listen::address).anyMatch(a -> a.isLoopbackAddress() || a.isAnyLocalAddress());
        if (isRemote(listen) && !limited) {
            problems.error(
                    written.origin(),
                    "community without a network: only loopback clients can use it, although the agent listens"
                            + " elsewhere",
                    "use: community NAME NETWORK/PREFIX");
        } else if (isRemote(listen) && network.isLoopbackAddress() && !reachable) {
            problems.error(
                    written.origin(),
                    "community with a network of loopback, although the agent does not listen there",
                    "use the network of the clients");
        } else if (limited && written.community().prefix() == 0) {
            problems.warning(
                    written.origin(),
                    "community with prefix length 0: every host may read",
                    "use the network of the clients");
        }
    }

    // ---- users

    /** By name; empty if the block of the user has an error, so that access is never wider than written. */
    private Map<String, Optional<User>> users() {
        Map<String, Optional<User>> users = new LinkedHashMap<>();
        for (Statement written : settings.all(SnmpKeywords.USER_BLOCK)) {
            Word name = written.words().getFirst();
            int reports = problems.reports();
            Settings user = Language.read(Scope.SNMP_USER, ConfigBuilder.blockOf(written), problems);
            int length = name.text().getBytes(StandardCharsets.UTF_8).length;
            if (length < 1 || length > LONGEST_NAME) {
                problems.error(
                        name.origin(),
                        "invalid user '" + name.text() + "': expected a name of 1 to " + LONGEST_NAME + " bytes");
            }
            Optional<User> built = user(name.text(), user, written.origin());
            if (users.containsKey(name.text())) {
                problems.error(
                        name.origin(),
                        "duplicate user '" + name.text() + "', the first one is used",
                        "remove one of them");
            } else {
                users.put(name.text(), problems.reports() == reports ? built : Optional.empty());
            }
        }
        return users;
    }

    private Optional<User> user(String name, Settings user, Origin at) {
        boolean auth = user.mentions(SnmpKeywords.AUTH);
        boolean priv = user.mentions(SnmpKeywords.PRIV);
        if (priv && !auth) {
            problems.error(
                    user.originOf(SnmpKeywords.PRIV, at),
                    "'priv' requires 'auth', user '" + name + "' is ignored",
                    "add: auth sha256 @FILE");
        }
        boolean write = user.isOn(SnmpKeywords.USER_WRITE);
        if (write && !(auth && priv)) {
            problems.error(
                    user.originOf(SnmpKeywords.USER_WRITE, at),
                    "'write' requires 'auth' and 'priv', user '" + name + "' is ignored",
                    "add: " + (auth ? "priv aes128 @FILE" : "auth sha256 @FILE, and priv aes128 @FILE"));
        }
        return Optional.of(new User(
                name,
                user.get(SnmpKeywords.AUTH).map(k -> new Auth(constant(AuthProtocol.class, k), secret(k))),
                user.get(SnmpKeywords.PRIV).map(k -> new Priv(constant(PrivProtocol.class, k), secret(k))),
                user.all(SnmpKeywords.NETWORK).stream()
                        .map(n -> new Network(n.address(), n.prefix()))
                        .distinct()
                        .toList(),
                user.all(SnmpKeywords.VIEW).stream().distinct().toList(),
                write));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, UserKey key) {
        return Enum.valueOf(type, key.protocol().toUpperCase(Locale.ROOT));
    }

    private static Secret secret(UserKey key) {
        return key.file() ? new Secret.InFile(Path.of(key.secret())) : new Secret.Written(key.secret());
    }

    private void validateUsers(List<Listen> listen, List<User> users) {
        for (User user : users) {
            if (isRemote(listen) && user.auth().isEmpty()) {
                problems.warning(
                        userOrigin(user),
                        "user '" + user.name() + "' is not authenticated, although other hosts can reach the agent",
                        "add: auth sha256 @FILE");
            }
        }
    }

    private Origin userOrigin(User user) {
        return settings.all(SnmpKeywords.USER_BLOCK).stream()
                .map(written -> written.words().getFirst())
                .filter(name -> name.text().equals(user.name()))
                .findFirst()
                .map(Word::origin)
                .orElse(origin);
    }

    private void validateWrite(Optional<Agentx> agentx, List<User> users) {
        List<User> writers = users.stream().filter(User::write).toList();
        if (settings.isOn(SnmpKeywords.WRITE)) {
            if (agentx.isEmpty() && writers.isEmpty()) {
                problems.warning(
                        settings.originOf(SnmpKeywords.WRITE, origin),
                        "'write' has no effect: it requires 'agentx', or a user with 'write'",
                        "add write to a user with auth and priv");
            }
            return;
        }
        for (User user : writers) {
            problems.warning(
                    userOrigin(user),
                    "'write' of user '" + user.name() + "' has no effect without 'write' in 'snmp'",
                    "add write to the block snmp");
        }
    }

    // ---- AgentX and notifications

    /** The block has priority over {@code enable_snmp_checker}. An invalid socket is not replaced by another one. */
    private Optional<Agentx> agentx() {
        boolean own = settings.mentions(SnmpKeywords.AGENTX);
        if (!own && !global.isOn(GlobalKeywords.ENABLE_SNMP_CHECKER)) {
            return Optional.empty();
        }
        Keyword<Master> keyword = own ? SnmpKeywords.AGENTX : GlobalKeywords.SNMP_SOCKET;
        Settings from = own ? settings : global;
        Optional<Socket> socket =
                from.mentions(keyword) ? from.get(keyword).flatMap(m -> socket(m, own)) : Optional.of(MASTER);
        return socket.map(s -> new Agentx(s, global.isOn(GlobalKeywords.ENABLE_TRAPS)));
    }

    /** @param own whether the type of the keyword has decided which addresses are allowed */
    private Optional<Socket> socket(Master master, boolean own) {
        return switch (master) {
            case Master.Off() -> Optional.empty();
            case Master.Unix(var path) -> Optional.of(new Socket.Unix(path));
            case Master.Tcp(var address, int port, var at) -> {
                if (!own && !address.isLoopbackAddress()) {
                    problems.warning(
                            at,
                            "snmp_socket is not an address of loopback: AgentX has neither authentication nor"
                                    + " encryption",
                            "use unix:PATH");
                }
                yield Optional.of(new Socket.Tcp(address, port));
            }
        };
    }

    private List<Sink> sinks(Map<String, Optional<User>> users) {
        List<Sink> sinks = new ArrayList<>();
        for (Receiver receiver : settings.all(SnmpKeywords.SINK)) {
            Optional<User> user = users.getOrDefault(receiver.name(), Optional.empty());
            if (receiver.user() && !users.containsKey(receiver.name())) {
                problems.error(
                        receiver.origin(),
                        "unknown user '" + receiver.name() + "', the sink is ignored",
                        "define it in the block snmp: user " + receiver.name() + " { auth sha256 @FILE }");
            }
            if (!receiver.user() || user.isPresent()) {
                sinks.add(new Sink(
                        receiver.host(),
                        receiver.port(),
                        receiver.user()
                                ? new Identity.AsUser(receiver.name())
                                : new Identity.InCommunity(receiver.name()),
                        receiver.inform()));
            }
        }
        return sinks.stream().distinct().toList();
    }
}
