package io.lvsd.core.daemon;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.host.LvsdVersion;
import io.lvsd.core.operations.ReloadResult;
import io.lvsd.core.view.DaemonInfo;
import io.lvsd.core.view.ReloadOutcome;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** When the configuration was loaded, from which file, and how the last reload ended. Thread-safe. */
final class ConfigStatus {
    private static final int HASH_BYTES = 8;

    private final Instant started = Instant.now();
    private final String file;
    private final String host;
    private volatile Instant loaded = started;
    private volatile Optional<DaemonInfo.Reload> lastReload = Optional.empty();
    private volatile Hash hash = new Hash(DaemonConfig.EMPTY, "");

    private record Hash(DaemonConfig config, String text) {}

    /** @param file as given on the command line */
    ConfigStatus(String file, String host) {
        this.file = file;
        this.host = host;
    }

    void reloaded(ReloadResult result) {
        Instant now = Instant.now();
        String word = result.report().outcome().name().toLowerCase(Locale.ROOT);
        lastReload = Optional.of(new DaemonInfo.Reload(now, word, result.text().strip()));
        if (result.report().outcome() == ReloadOutcome.DONE) {
            loaded = now;
        }
    }

    /** @param config in effect; its hash is computed once, which takes about a second for 100,000 real servers */
    DaemonInfo info(DaemonConfig config) {
        return new DaemonInfo(LvsdVersion.text(), host, started, file, hash(config), loaded, lastReload);
    }

    @SuppressWarnings("ReferenceEquality") // a configuration is one object while it is in effect
    private String hash(DaemonConfig config) {
        Hash known = hash;
        if (known.config() != config) {
            known = new Hash(config, compute(config));
            hash = known;
        }
        return known.text();
    }

    /** Piece by piece, as the text of all real servers would need as much memory as the configuration. */
    private static String compute(DaemonConfig config) {
        MessageDigest digest = sha256();
        add(digest, config.lvsd());
        add(digest, config.namespaces());
        add(digest, config.kernel());
        add(digest, config.notices());
        add(digest, config.operation());
        add(digest, config.scriptSecurity());
        for (VirtualServerConfig server : config.virtualServers()) {
            add(digest, server.withRealServers(List.of()));
            server.realServers().forEach(rs -> add(digest, rs));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    }

    /** The text of a record has all of its values. */
    private static void add(MessageDigest digest, Object part) {
        digest.update(part.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
