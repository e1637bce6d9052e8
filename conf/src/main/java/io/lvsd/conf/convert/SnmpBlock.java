package io.lvsd.conf.convert;

import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Secrets;
import io.lvsd.conf.keyword.SnmpKeywords;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Agentx;
import io.lvsd.conf.model.SnmpConfig.Identity;
import io.lvsd.conf.model.SnmpConfig.Secret;
import io.lvsd.conf.model.SnmpConfig.Sink;
import io.lvsd.conf.model.SnmpConfig.Socket;
import io.lvsd.conf.model.SnmpConfig.User;
import io.lvsd.conf.source.IpAddresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The effective block {@code snmp}. */
final class SnmpBlock {
    private final Secrets secrets;

    SnmpBlock(Secrets secrets) {
        this.secrets = secrets;
    }

    BlockBuilder of(SnmpConfig config) {
        BlockBuilder block = new BlockBuilder();
        config.listen()
                .forEach(l -> block.put(
                        SnmpKeywords.LISTEN,
                        BlockBuilder.lower(l.transport()) + ":" + IpAddresses.text(l.address(), l.port())));
        config.communities()
                .forEach(c ->
                        block.put(SnmpKeywords.COMMUNITY, secrets.text(c.name()), network(c.network(), c.prefix())));
        config.users().forEach(user -> block.put(SnmpKeywords.USER_BLOCK, user(user), user.name()));
        block.put(SnmpKeywords.AGENTX, agentx(config.agentx()));
        config.sinks().forEach(sink -> block.put(SnmpKeywords.SINK, sink(sink)));
        block.put(SnmpKeywords.WRITE, config.write())
                .put(SnmpKeywords.UPDATE_INTERVAL, config.interval())
                .put(SnmpKeywords.RATE_LIMIT, config.rateLimit());
        putText(block, SnmpKeywords.CONTACT, config.system().contact());
        putText(block, SnmpKeywords.LOCATION, config.system().location());
        config.engineId().ifPresent(id -> block.put(SnmpKeywords.ENGINE_ID, "0x" + id));
        return block;
    }

    private static void putText(BlockBuilder block, Keyword<String> keyword, String text) {
        if (!text.isEmpty()) {
            block.put(keyword, text);
        }
    }

    private static String network(InetAddress address, int prefix) {
        return IpAddresses.text(address) + "/" + prefix;
    }

    private BlockBuilder user(User user) {
        BlockBuilder block = new BlockBuilder();
        user.auth().ifPresent(a -> block.put(SnmpKeywords.AUTH, BlockBuilder.lower(a.protocol()), secret(a.secret())));
        user.priv().ifPresent(p -> block.put(SnmpKeywords.PRIV, BlockBuilder.lower(p.protocol()), secret(p.secret())));
        user.networks().forEach(n -> block.put(SnmpKeywords.NETWORK, network(n.address(), n.prefix())));
        user.views().forEach(v -> block.put(SnmpKeywords.VIEW, v));
        return block.put(SnmpKeywords.USER_WRITE, user.write());
    }

    private String secret(Secret secret) {
        return switch (secret) {
            case Secret.InFile(var file) -> "@" + file;
            case Secret.Written(var password) -> secrets.text(password);
        };
    }

    private static Object[] agentx(Optional<Agentx> agentx) {
        if (agentx.isEmpty()) {
            return new Object[] {"off"};
        }
        return switch (agentx.get().socket()) {
            case Socket.Unix(var path) -> new Object[] {"unix:" + path};
            case Socket.Tcp(var address, int port) -> {
                String text = "tcp:" + IpAddresses.text(address, port);
                yield address.isLoopbackAddress() ? new Object[] {text} : new Object[] {text, "force"};
            }
        };
    }

    private Object[] sink(Sink sink) {
        String host = sink.host().indexOf(':') >= 0 ? "[" + sink.host() + "]" : sink.host();
        List<Object> words = new ArrayList<>(List.of("udp:" + host + ":" + sink.port()));
        words.addAll(
                switch (sink.identity()) {
                    case Identity.InCommunity(var name) -> List.of("community", secrets.text(name));
                    case Identity.AsUser(var name) -> List.of("user", name);
                });
        if (sink.inform()) {
            words.add("inform");
        }
        return words.toArray();
    }
}
