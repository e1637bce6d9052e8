package io.lvsd.snmp.agent;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.AuthProtocol;
import io.lvsd.conf.model.SnmpConfig.PrivProtocol;
import io.lvsd.conf.model.SnmpConfig.Secret;
import io.lvsd.conf.model.SnmpConfig.User;
import io.lvsd.snmp.mib.SystemMib.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snmp4j.MessageDispatcher;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.SNMP4JSettings;
import org.snmp4j.SNMP4JSettings.ReportSecurityLevelStrategy;
import org.snmp4j.mp.CounterSupport;
import org.snmp4j.mp.MPv1;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.MPv3;
import org.snmp4j.security.AuthHMAC128SHA224;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.AuthHMAC256SHA384;
import org.snmp4j.security.AuthHMAC384SHA512;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.PrivAES192;
import org.snmp4j.security.PrivAES256;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmTimeEntry;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;

/**
 * The engine of SNMPv3 with its users (RFC 3414, RFC 7860), which requests and notifications have in common. No part of it is shared
 * with another engine of this process.
 */
public final class Security {
    static {
        // Without it, requests of unknown users get no report (RFC 3414, section 3.2).
        SNMP4JSettings.setReportSecurityLevelStrategy(ReportSecurityLevelStrategy.noAuthNoPrivIfNeeded);
    }

    private final SecurityProtocols protocols =
            new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.maxCompatibility);
    private final CounterSupport counters = new CounterSupport();
    private final Engine engine;
    /** Of the agent, which is the only engine that requests are for. */
    private final SecurityModels own;
    /** Of notifications, whose receivers are engines of their own. */
    private final SecurityModels receivers;

    private final Counters listener;
    private final Passwords passwords;

    /**
     * Reads the passwords and makes the keys of all users; that takes some 10 ms for each.
     *
     * @param listener counts what is wrong with messages
     * @throws IOException if a password cannot be used; the text names the file
     */
    public Security(SnmpConfig config, Engine engine, Counters listener, Passwords passwords) throws IOException {
        this.passwords = passwords;
        this.engine = engine;
        this.listener = listener;
        counters.addCounterListener(listener);
        protocols.removeAll();
        List.of(new AuthHMAC128SHA224(), new AuthHMAC192SHA256(), new AuthHMAC256SHA384(), new AuthHMAC384SHA512())
                .forEach(protocols::addAuthenticationProtocol);
        List.of(new PrivAES128(), new PrivAES192(), new PrivAES256()).forEach(protocols::addPrivacyProtocol);
        List<UsmUser> users = new ArrayList<>();
        for (User user : config.users()) {
            users.add(usmUser(user));
        }
        this.own = models(users, false);
        this.receivers = models(users, true);
    }

    /**
     * The users.
     *
     * @param discovery whether any engine is accepted and remembered, for ever and before a message is authenticated
     */
    private SecurityModels models(List<UsmUser> users, boolean discovery) {
        USM usm = new USM(protocols, engine.id(), engine.boots(), counters);
        usm.setEngineDiscoveryEnabled(discovery);
        usm.setLocalEngine(engine.id(), engine.boots(), engine.time());
        usm.getTimeTable().addEntry(new UsmTimeEntry(engine.id(), engine.boots(), engine.time()));
        users.forEach(usm::addUser);
        return SecurityModels.getCollection(new SecurityModel[] {usm});
    }

    /** A dispatcher of requests of v1, v2c and v3. */
    public MessageDispatcherImpl forRequests() {
        return dispatcher(own);
    }

    /** A dispatcher of notifications and their acknowledgements. */
    public MessageDispatcher forNotifications() {
        return dispatcher(receivers);
    }

    private MessageDispatcherImpl dispatcher(SecurityModels models) {
        MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
        dispatcher.addCounterListener(listener);
        dispatcher.addMessageProcessingModel(new MPv1());
        dispatcher.addMessageProcessingModel(new MPv2c());
        dispatcher.addMessageProcessingModel(new MPv3(engine.id().getValue(), null, protocols, models, counters));
        return dispatcher;
    }

    private UsmUser usmUser(User user) throws IOException {
        List<OctetString> keys = new ArrayList<>();
        if (user.auth().isPresent()) {
            keys.add(password(user.auth().get().secret()));
        }
        if (user.priv().isPresent()) {
            keys.add(password(user.priv().get().secret()));
        }
        return new UsmUser(
                bytes(user.name()),
                user.auth().map(a -> oid(a.protocol())).orElse(null),
                key(keys, 0),
                user.priv().map(p -> oid(p.protocol())).orElse(null),
                key(keys, 1));
    }

    private static @Nullable OctetString key(List<OctetString> keys, int index) {
        return index < keys.size() ? keys.get(index) : null;
    }

    private static OID oid(AuthProtocol protocol) {
        return switch (protocol) {
            case SHA224 -> AuthHMAC128SHA224.ID;
            case SHA256 -> AuthHMAC192SHA256.ID;
            case SHA384 -> AuthHMAC256SHA384.ID;
            case SHA512 -> AuthHMAC384SHA512.ID;
        };
    }

    private static OID oid(PrivProtocol protocol) {
        return switch (protocol) {
            case AES128 -> PrivAES128.ID;
            case AES192 -> PrivAES192.ID;
            case AES256 -> PrivAES256.ID;
        };
    }

    private OctetString password(Secret secret) throws IOException {
        return bytes(
                switch (secret) {
                    case Secret.Written(var password) -> password;
                    case Secret.InFile(var file) -> passwords.read(file);
                });
    }

    private static OctetString bytes(String text) {
        return new OctetString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a password from its file. */
    public interface Passwords {
        /** @throws IOException if it cannot be used; the text names the file and the remedy */
        String read(Path file) throws IOException;
    }
}
